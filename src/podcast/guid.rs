//! Names that never change: of a podcast and of its episodes.

use std::fmt;

use uuid::Uuid;

use super::Address;

/// The namespace of podcasts ("Guid" of the `podcast` namespace).
const PODCAST_NAMESPACE: Uuid = Uuid::from_u128(0xead4c236_bf58_58c6_a2c6_a6b28d128cb6);

/// A UUID (RFC 9562) by which apps know a podcast or an episode again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guid(Uuid);

impl Guid {
    /// The guid that the `podcast` namespace gives to the podcast whose feed is at `feed`: the UUIDv5 of the
    /// address without its scheme and its last slashes. A podcast keeps it when it moves.
    pub fn of_feed(feed: &Address) -> Self {
        Self(Uuid::new_v5(&PODCAST_NAMESPACE, feed.without_scheme().trim_end_matches('/').as_bytes()))
    }

    /// The guid of an episode of this podcast: the UUIDv5 of the script's path from the root of the project,
    /// with slashes, and its edition. Its title, its words and its sound may change, and apps still know it
    /// for the episode they have; a script by another name is another episode.
    pub fn of_episode(self, script: &str, edition: Option<&str>) -> Self {
        let name = match edition {
            // No path holds a line feed, so no script and edition are named like another script.
            Some(edition) => format!("{script}\n{edition}"),
            None => script.to_owned(),
        };
        Self(Uuid::new_v5(&self.0, name.as_bytes()))
    }

    /// The guid that `text` is, as in `917393e3-1b1e-5cef-ace4-edaa54e1f810`.
    pub fn parse(text: &str) -> Option<Self> {
        // The length leaves out the other ways to write one, with braces or without hyphens.
        Uuid::try_parse(text).ok().filter(|_| text.len() == 36).map(Self)
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_podcast_has_the_guid_that_the_namespace_gives_it() {
        // Both are examples of "Guid" of the `podcast` namespace.
        let check = |feed: &str, expected: &str| {
            assert_eq!(Guid::of_feed(&Address::parse(feed).unwrap()).to_string(), expected, "{feed}");
        };
        check("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810");
        check("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c");
        check("http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c");
    }

    #[test]
    fn an_episode_is_known_by_its_podcast_script_and_edition() {
        let podcast = Guid::parse("917393e3-1b1e-5cef-ace4-edaa54e1f810").unwrap();
        let other = Guid::parse("9b024349-ccf0-5f69-a609-6b82873eab3c").unwrap();
        // As Python's `uuid.uuid5` has it.
        assert_eq!(
            podcast.of_episode("scripts/rest.toml", None).to_string(),
            "b4c050b8-67c7-592a-90cb-880a58352b7a"
        );
        let mut all = vec![
            podcast.of_episode("scripts/rest.toml", None),
            podcast.of_episode("scripts/rest.toml", Some("5m")),
            podcast.of_episode("scripts/rest.toml", Some("10m")),
            podcast.of_episode("scripts/rest.toml5m", None),
            other.of_episode("scripts/rest.toml", None),
        ];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
    }

    #[test]
    fn a_guid_is_written_in_one_way() {
        assert!(Guid::parse("917393E3-1B1E-5CEF-ACE4-EDAA54E1F810").is_some());
        for wrong in
            ["", "rest", "917393e31b1e5ceface4edaa54e1f810", "{917393e3-1b1e-5cef-ace4-edaa54e1f810}"]
        {
            assert_eq!(Guid::parse(wrong), None, "{wrong}");
        }
    }
}
