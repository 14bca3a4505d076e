//! The kinds of podcast, one enum a question.

/// In which order episodes are heard (`itunes:type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// In any order: apps show the newest first, with its date.
    #[default]
    Episodic,
    /// One after the other: apps show the first one first, with its number.
    Serial,
}

impl Order {
    /// The orders as they are typed, and as they stand in a feed.
    pub const NAMES: [(&'static str, Self); 2] = [("episodic", Self::Episodic), ("serial", Self::Serial)];

    /// As it stands in a feed.
    pub fn name(self) -> &'static str {
        name_of(self, &Self::NAMES)
    }
}

/// The kind of feed (`podcast:medium`); of the list of the namespace those that are sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Medium {
    /// A show.
    #[default]
    Podcast,
    /// Training, each episode a session of it.
    Course,
    /// Songs: apps play them at their own speed.
    Songs,
    /// A book, each episode a chapter of it.
    Audiobook,
}

impl Medium {
    /// The media as they are typed, and as they stand in a feed.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("podcast", Self::Podcast),
        ("course", Self::Course),
        ("music", Self::Songs),
        ("audiobook", Self::Audiobook),
    ];

    /// As it stands in a feed.
    pub fn name(self) -> &'static str {
        name_of(self, &Self::NAMES)
    }
}

/// The warning to parents (`itunes:explicit`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advisory {
    /// For everyone.
    Clean,
    /// Not for everyone; some countries do not get it.
    Explicit,
}

impl Advisory {
    /// As it stands in a feed; Apple takes no other words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "false",
            Self::Explicit => "true",
        }
    }
}

/// Permission for other hosts to take the podcast over (`podcast:locked`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lock {
    /// They may: it is to move.
    Open,
    /// They may not.
    #[default]
    Locked,
}

/// Permission for directories to list the podcast (`itunes:block`, `podcast:block`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// They may.
    #[default]
    Listed,
    /// They may not: it is for those who know its address.
    Hidden,
}

/// The prospect of more episodes (`itunes:complete`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Completion {
    /// More will come.
    #[default]
    Ongoing,
    /// No more will come.
    Complete,
}

/// The name of a value, which is in `names`.
fn name_of<T: PartialEq>(value: T, names: &[(&'static str, T)]) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |(name, _)| name)
}
