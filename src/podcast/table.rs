//! A podcast: the `[podcast]` table of `nidra.toml`.
//!
//! What Apple Podcasts requires of a feed is required here, what it recommends has a default, and what cannot
//! be right is a diagnostic at its place. Every mistake is found in one run.

use super::address::Address;
use super::category::Category;
use super::keys::{self, checked_address, checked_language, checked_line};
use super::kinds::{Advisory, Completion, Listing, Lock, Medium, Order};
use super::notes::MAX_NOTES_BYTES;
use super::{Guid, Released};
use crate::build::Defaults;
use crate::diag::{Diagnostic, Diagnostics, Edit, Hint, Span, Spanned, quoted};
use crate::document::{Fields, Node};

/// The name of the feed's file, in the folder and at its address.
pub(super) const FEED_FILE: &str = "feed.xml";

/// The longest text of a link to give money (`podcast:funding` of the namespace).
const MAX_FUNDING_CHARACTERS: usize = 128;

/// A podcast that every directory takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Podcast {
    /// The place where it is written.
    pub span: Span,
    /// Its name.
    pub title: String,
    /// Its description: at most 4000 bytes, paragraphs parted by empty lines.
    pub description: String,
    /// The folder on the web where its files will lie.
    pub folder: Address,
    /// The address where its feed will be.
    pub feed: Address,
    /// Its page for people.
    pub link: Address,
    /// Its language (ISO 639-1).
    pub language: String,
    /// Its author.
    pub author: Option<String>,
    /// Whom directories write to.
    pub owner: Option<Owner>,
    /// Its categories, the one that counts first; at least one.
    pub categories: Vec<Category>,
    /// Its warning to parents.
    pub advisory: Advisory,
    /// In which order it is heard.
    pub order: Order,
    /// The kind of feed.
    pub medium: Medium,
    /// Permission for other hosts to take it over.
    pub lock: Lock,
    /// Permission for directories to list it.
    pub listing: Listing,
    /// The prospect of more episodes.
    pub completion: Completion,
    /// Path of its picture, from the root of the project; none to have one drawn.
    pub cover: Option<Spanned<String>>,
    /// Whose it is.
    pub copyright: Option<String>,
    /// Its identity, for as long as it lives.
    pub guid: Guid,
    /// The link where listeners can give money.
    pub funding: Option<Funding>,
    /// The date of episodes that have none of their own.
    pub date: Option<Released>,
    /// Its scripts, or folders of them, from the root of the project; empty for all there are.
    pub scripts: Vec<Spanned<String>>,
}

/// Whom directories write to. The address stands in the feed for everyone to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The name, if the podcast says one.
    pub name: Option<String>,
    /// The address.
    pub email: String,
}

/// A link where listeners can give money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Funding {
    /// The page.
    pub page: Address,
    /// The text that apps write on the button.
    pub text: String,
}

impl Podcast {
    /// The podcast that a project says, if it says one and nothing that a feed needs is missing or wrong; every mistake
    /// is added to `diagnostics`. Author, language and cover of the project hold where `[podcast]` is silent.
    pub fn read(project: &Defaults, diagnostics: &mut Diagnostics) -> Option<Self> {
        let table = project.podcast.as_ref()?;
        let mut fields = Fields::new(table, "a podcast", diagnostics);
        let title = keys::line(&mut fields, "title");
        fields.require("title", &title, "\"Evening rest\"");
        let description = keys::paragraphs(&mut fields, "description", MAX_NOTES_BYTES);
        fields.require("description", &description, "\"What it is, and for whom\"");
        let folder = keys::folder(&mut fields, "url");
        fields.require("url", &folder, "\"https://example.com/podcast/\"");
        let categories = categories(&mut fields);
        let advisory = fields.boolean("explicit");
        fields.require("explicit", &advisory, "false");
        let feed = keys::address(&mut fields, "feed");
        let link = keys::address(&mut fields, "link");
        let language = language(&mut fields, project.language.as_ref());
        let author = keys::line(&mut fields, "author");
        let author = author.or_else(|| {
            let inherited = project.author.as_ref()?;
            checked_line("author", inherited, keys::MAX_LINE_CHARACTERS, fields.diagnostics())
        });
        let owner = owner(&mut fields, author.as_deref());
        let order = keys::word(&mut fields, "type", &Order::NAMES).unwrap_or_default();
        let medium = keys::word(&mut fields, "medium", &Medium::NAMES).unwrap_or_default();
        let [lock, listing, completion] = ["locked", "block", "complete"].map(|key| fields.boolean(key));
        let cover = cover(&mut fields, project.cover.as_ref());
        let copyright = keys::line(&mut fields, "copyright");
        let guid = keys::guid(&mut fields, "guid");
        let funding = funding(&mut fields);
        let date = keys::date(&mut fields, "date");
        let scripts = fields.strings("scripts");
        fields.finish();
        let folder = folder?;
        let feed = feed.unwrap_or_else(|| folder.file(FEED_FILE));
        Some(Self {
            span: table.span,
            title: title?,
            description: description?,
            link: link.unwrap_or_else(|| folder.clone()),
            language: language?,
            author,
            owner,
            categories: (!categories.is_empty()).then_some(categories)?,
            advisory: if advisory?.value { Advisory::Explicit } else { Advisory::Clean },
            order,
            medium,
            lock: if lock.is_some_and(|no| !no.value) { Lock::Open } else { Lock::Locked },
            listing: if listing.is_some_and(|yes| yes.value) { Listing::Hidden } else { Listing::Listed },
            completion: match completion {
                Some(Spanned { value: true, .. }) => Completion::Complete,
                _ => Completion::Ongoing,
            },
            cover,
            copyright,
            guid: guid.unwrap_or_else(|| Guid::of_feed(&feed)),
            funding,
            date,
            scripts,
            folder,
            feed,
        })
    }
}

fn categories(fields: &mut Fields<'_, '_>) -> Vec<Category> {
    let written = fields.strings("category");
    let some = (!written.is_empty()).then_some(());
    fields.require("category", &some, "\"Health & Fitness > Fitness\"");
    if let Some(Spanned { value: Node::Array(items), span }) = fields.value("category")
        && items.is_empty()
    {
        let diagnostic = Diagnostic::error("missing-key", *span, "`category` names none");
        let hint = Hint::from("write `category = \"Health & Fitness > Fitness\"`")
            .instead(*span, "\"Health & Fitness > Fitness\"");
        fields.diagnostics().push(diagnostic.hint(hint));
    }
    let mut categories = Vec::with_capacity(written.len());
    for Spanned { value, span } in written {
        match Category::parse(&value) {
            Ok(category) => categories.push(category),
            Err(other) => {
                let message = format!("Apple has no category `{value}`");
                let edit = other.meant.map(|meant| Edit { span, text: quoted(&meant) });
                let hint = Hint::from(other.hint).maybe_edit(edit);
                fields.diagnostics().push(Diagnostic::error("unknown-name", span, message).hint(hint));
            }
        }
    }
    categories
}

/// The podcast's language, or the project's, or English, as for scripts.
fn language(fields: &mut Fields<'_, '_>, inherited: Option<&Spanned<String>>) -> Option<String> {
    match fields.string("language").as_ref().or(inherited) {
        Some(written) => checked_language(written, fields.diagnostics()),
        None => Some("en".to_owned()),
    }
}

/// A podcast always has a cover: the project may want none for its tracks, and then one is drawn here.
fn cover(fields: &mut Fields<'_, '_>, inherited: Option<&Spanned<String>>) -> Option<Spanned<String>> {
    let none = |cover: &Spanned<String>| cover.value == "none";
    let written = fields.string("cover");
    if let Some(cover) = written.as_ref().filter(|cover| none(cover)) {
        let diagnostic =
            Diagnostic::error("missing-cover", cover.span, "no directory takes a podcast without a cover");
        let hint = Hint::from("leave `cover` out to have one drawn").maybe_edit(fields.without("cover"));
        fields.diagnostics().push(diagnostic.hint(hint));
    }
    written.or_else(|| inherited.cloned()).filter(|cover| !none(cover))
}

fn owner(fields: &mut Fields<'_, '_>, author: Option<&str>) -> Option<Owner> {
    let name = fields.string("owner");
    let email = keys::email(fields, "email");
    if let (Some(name), None) = (&name, fields.value("email")) {
        let message = "`owner` is whom directories write to, and there is no address";
        let diagnostic = Diagnostic::error("missing-key", name.span, message);
        fields.diagnostics().push(diagnostic.hint("add `email = \"me@example.com\"`, or leave `owner` out"));
    }
    let name = match name {
        Some(name) => checked_line("owner", &name, keys::MAX_LINE_CHARACTERS, fields.diagnostics()),
        None => author.map(str::to_owned),
    };
    Some(Owner { name, email: email? })
}

fn funding(fields: &mut Fields<'_, '_>) -> Option<Funding> {
    let table = fields.table("funding")?;
    let mut fields = Fields::new(table, "funding", fields.diagnostics());
    let page = fields.string("url");
    fields.require("url", &page, "\"https://example.com/give\"");
    let text = fields.string("text");
    fields.require("text", &text, "\"Support the show\"");
    let page = page.and_then(|page| checked_address("url", &page, Address::parse, fields.diagnostics()));
    let text =
        text.and_then(|text| checked_line("text", &text, MAX_FUNDING_CHARACTERS, fields.diagnostics()));
    fields.finish();
    Some(Funding { page: page?, text: text? })
}
