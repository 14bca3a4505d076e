//! `nidra feed`: a folder that can be uploaded as it is, what is refused before it is made, and what is left alone.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::SystemTime;

use crate::harness::{Project, RunOutput, nidra};

const LINES: [&str; 3] = ["Rest.", "Sit well.", "Breathe in, and breathe out, for as long as you like."];

const PODCAST: &str = "voice = \"me\"\nrate = 32000\nauthor = \"A teacher\"\ncover = \"none\"\n[podcast]\ntitle = \"Evenings\"\n\
    description = \"Short rests.\"\nurl = \"https://example.com/rest/\"\ncategory = \"Fitness\"\nexplicit = false\n";

fn script(title: &str, line: &str) -> String {
    format!(
        "title = \"{title}\"\ndate = 2026-05-01\n[[section]]\ntitle = \"A\"\ncues = [ {{ say = \"{line}\" }}, {{ pause = \"1s\" }} ]\n"
    )
}

/// Two editions of a sit, and a rest.
fn project() -> Project {
    let sit = "title = \"Sit\"\ndate = \"2026-05-08 07:30+02:00\"\n[params.hold]\ndefault = \"2s\"\n\
        [[edition]]\nname = \"short\"\nset = { hold = \"2s\" }\n[[edition]]\nname = \"long\"\nset = { hold = \"4s\" }\n\
        [[section]]\ntitle = \"Sit\"\nlength = \"{hold}\"\ncues = [ { say = \"Sit well.\" }, { pause = \"flex\" } ]\n";
    Project::with_lines(&LINES)
        .file("nidra.toml", PODCAST)
        .file("scripts/deep/sit.toml", sit)
        .file("scripts/rest.toml", &script("Rest", "Rest."))
}

#[track_caller]
fn feed(project: &Project, arguments: &[&str], code: i32, says: &[&str]) -> RunOutput {
    project.run(&[&["feed"], arguments].concat()).expect(code, says)
}

/// The feed as it is in the folder.
fn channel(project: &Project) -> rss::Channel {
    rss::Channel::read_from(fs::read(project.path("out/feed/feed.xml")).unwrap().as_slice()).unwrap()
}

/// Title, guid, file and size of each episode, by title.
fn episodes(project: &Project) -> BTreeMap<String, (String, String, u64)> {
    let item = |item: rss::Item| {
        let enclosure = item.enclosure.unwrap();
        let file = enclosure.url.strip_prefix("https://example.com/rest/").unwrap().to_owned();
        (item.title.unwrap(), (item.guid.unwrap().value, file, enclosure.length.parse().unwrap()))
    };
    channel(project).items.into_iter().map(item).collect()
}

fn written(project: &Project) -> BTreeMap<String, SystemTime> {
    let time = |path: &String| fs::metadata(project.path(path)).unwrap().modified().unwrap();
    project.files("out").into_iter().map(|path| (path.clone(), time(&path))).collect()
}

fn bytes(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project
        .files("out")
        .into_iter()
        .map(|path| (path.clone(), fs::read(project.path(&path)).unwrap()))
        .collect()
}

#[test]
fn the_folder_has_all_that_its_feed_names() {
    let project = project();
    project.bytes("nidra.toml", PODCAST.replace("cover = \"none\"\n", "").as_bytes());
    let report = feed(
        &project,
        &["--json"],
        0,
        &["out/feed/feed.xml: 3 episodes, for https://example.com/rest/feed.xml."],
    );
    let report = report.json();
    let cover = report["feed"]["cover"].as_str().unwrap().to_owned();
    let mut expected = vec![cover.clone(), "out/feed/feed.xml".into(), "out/feed/playlist.m3u8".into()];
    for name in ["rest", "sit-long", "sit-short"] {
        expected
            .extend(["chapters.json", "jpg", "mp3", "vtt"].map(|ending| format!("out/feed/{name}.{ending}")));
    }
    expected.sort();
    assert_eq!(project.files("out"), expected);
    let found = episodes(&project);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["Rest", "Sit (long)", "Sit (short)"]);
    let of_json = report["feed"]["episodes"].as_array().unwrap();
    for (title, (guid, file, length)) in &found {
        let on_disk = fs::metadata(project.path(&format!("out/feed/{file}"))).unwrap().len();
        assert_eq!(*length, on_disk, "{title}");
        let episode = of_json.iter().find(|episode| episode["title"] == title.as_str()).unwrap();
        assert_eq!(
            (episode["guid"].as_str(), episode["bytes"].as_u64()),
            (Some(guid.as_str()), Some(on_disk))
        );
    }
    let feed = fs::read_to_string(project.path("out/feed/feed.xml")).unwrap();
    for name in
        feed.split("https://example.com/rest/").skip(1).map(|rest| rest.split(['"', '<']).next().unwrap())
    {
        assert!(project.path(&format!("out/feed/{name}")).exists(), "the feed names '{name}'");
    }
    assert!(feed.contains(cover.trim_start_matches("out/feed/")), "{feed}");
    let playlist = fs::read_to_string(project.path("out/feed/playlist.m3u8")).unwrap();
    let tracks: Vec<&str> = playlist.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(tracks, ["rest.mp3", "sit-short.mp3", "sit-long.mp3"], "{playlist}");
    match Command::new("xmllint").arg("--noout").arg(project.path("out/feed/feed.xml")).output() {
        Ok(output) => assert!(output.status.success() && output.stderr.is_empty(), "{output:?}"),
        Err(_) => crate::judges::missing("xmllint"),
    }
}

#[test]
fn what_is_as_it_would_be_is_not_touched() {
    let project = project();
    feed(&project, &[], 0, &[]);
    let before = written(&project);
    feed(&project, &[], 0, &["3 tracks: 3 current.", "feed.xml: 3 episodes, current."]);
    assert_eq!(written(&project), before);
    // Bytes that go and come again are the same.
    let whole = bytes(&project);
    fs::remove_dir_all(project.path("out")).unwrap();
    feed(&project, &["--jobs", "1"], 0, &[]);
    assert!(bytes(&project) == whole, "{:?}", project.files("out"));
    feed(&project, &["--force"], 0, &["3 rendered"]);
    assert!(bytes(&project) == whole, "{:?}", project.files("out"));
}

#[test]
fn a_changed_clip_changes_its_episode_and_its_length_in_the_feed() {
    let project = project();
    feed(&project, &[], 0, &[]);
    let (old, old_times) = (episodes(&project), written(&project));
    fs::copy(project.path("sounds/voices/me/2.wav"), project.path("sounds/voices/me/0.wav")).unwrap();
    feed(&project, &[], 0, &["1 rendered, 2 current", "feed.xml: 3 episodes, for"]);
    let (new, new_times) = (episodes(&project), written(&project));
    assert_eq!(new["Rest"].0, old["Rest"].0);
    assert_eq!(new["Rest"].2, fs::metadata(project.path("out/feed/rest.mp3")).unwrap().len());
    assert!(new["Rest"].2 > old["Rest"].2, "{new:?}");
    let changed: Vec<&String> =
        new_times.keys().filter(|path| new_times[*path] != old_times[*path]).collect();
    let expected = ["feed.xml", "playlist.m3u8", "rest.chapters.json", "rest.mp3", "rest.vtt"];
    assert_eq!(changed, expected.map(|name| format!("out/feed/{name}")).iter().collect::<Vec<_>>());
}

#[test]
fn an_episode_stays_itself_when_its_title_and_its_words_change() {
    let project = project();
    feed(&project, &[], 0, &[]);
    let old = episodes(&project);
    project.bytes("scripts/rest.toml", script("Rest well", "Sit well.").as_bytes());
    feed(&project, &[], 0, &[]);
    let new = episodes(&project);
    assert_eq!(new["Rest well"].0, old["Rest"].0);
    assert_eq!(new.len(), 3);
}

/// A run that is refused with this exit code and these words, before anything is written.
#[track_caller]
fn refused(project: &Project, arguments: &[&str], code: i32, says: &[&str]) {
    let before = bytes(project);
    let outcome = feed(project, arguments, code, says);
    assert!(!outcome.stderr.contains("No longer used"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("frames;"), "something was rendered:\n{}", outcome.stderr);
    assert!(bytes(project) == before, "{:?}", project.files("out"));
}

#[test]
fn what_a_directory_refuses_is_refused_before_anything_is_rendered() {
    let of_project = |change: fn(&str) -> String, code, says: &[&str]| {
        let project = project();
        project.bytes("nidra.toml", change(PODCAST).as_bytes());
        refused(&project, &[], code, says);
    };
    of_project(
        |text| text.split("[podcast]").next().unwrap().to_owned(),
        3,
        &[
            "this project has no `[podcast]`",
            "add to nidra.toml",
            "category = \"Health & Fitness > Fitness\"",
        ],
    );
    of_project(
        |text| text.replace("Fitness", "Fitnes").replace("title", "titel"),
        3,
        &[
            "nidra.toml:9:12",
            "Apple has no category",
            "did you mean `title`?",
            "Nothing was rendered, and out/feed/feed.xml was not written.",
        ],
    );
    of_project(
        |text| format!("{text}cover = \"sounds/voices/me/0.wav\"\n"),
        3,
        &["nidra.toml:11:9", "neither a JPEG nor a PNG"],
    );
    of_project(
        |text| format!("{text}scripts = [\"scripts/deep\", \"scripts/none.toml\", \"..\"]\n"),
        3,
        &[
            "nidra.toml:11:28",
            "no episodes in `scripts/none.toml`: there is no such script or folder",
            "no episodes in `..`: it is outside the project",
        ],
    );
    of_project(
        |text| format!("{text}type = \"serial\"\n"),
        3,
        &["scripts/rest.toml:1:9", "`Rest` has no number", "scripts/deep/sit.toml:1:9"],
    );
    let of_script = |change: fn(&str) -> String, code, says: &[&str]| {
        let project = project();
        let text = fs::read_to_string(project.path("scripts/deep/sit.toml")).unwrap();
        project.bytes("scripts/deep/sit.toml", change(&text).as_bytes());
        refused(&project, &[], code, says);
    };
    of_script(|text| text.replace("2026-05-08", "8 May"), 3, &["scripts/deep/sit.toml:2:8", "is no day"]);
    of_script(
        |text| text.replace("date", "# date"),
        3,
        &["scripts/deep/sit.toml:1:9", "`Sit (long)` has no date"],
    );
    // All at once: a mistake in a script, and what is refused of another.
    let project = project();
    project.bytes("scripts/rest.toml", script(&"x".repeat(256), "Rest.").as_bytes());
    project.bytes("scripts/deep/sit.toml", b"title = 5");
    refused(&project, &[], 3, &["`title` must be a string", "256 characters", "Nothing was rendered"]);
}

#[test]
fn a_serial_has_one_edition_of_a_script() {
    let project = project();
    fs::remove_file(project.path("scripts/rest.toml")).unwrap();
    project.bytes("nidra.toml", format!("{PODCAST}type = \"serial\"\n").as_bytes());
    let text = fs::read_to_string(project.path("scripts/deep/sit.toml")).unwrap();
    project.bytes("scripts/deep/sit.toml", format!("track = 1\n{text}").as_bytes());
    refused(&project, &[], 3, &["two episodes have the number 1", "--edition 10m"]);
    feed(&project, &["--edition", "long"], 0, &[]);
    let found = channel(&project).items;
    let number = found[0].itunes_ext.as_ref().unwrap().episode.as_deref();
    assert_eq!((found.len(), number), (1, Some("1")));
    // In any other podcast they may have one number.
    project.bytes("nidra.toml", PODCAST.as_bytes());
    feed(&project, &["--deny", "warnings"], 0, &["2 episodes"]);
}

#[test]
fn scripts_of_one_name_are_files_of_their_own() {
    let project = project().file("scripts/deep/rest.toml", &script("Deep rest", "Rest."));
    feed(&project, &[], 0, &[]);
    let found = episodes(&project);
    assert_eq!((found["Rest"].1.as_str(), found["Deep rest"].1.as_str()), ("rest.mp3", "deep-rest.mp3"));
}

#[test]
fn a_podcast_may_have_some_of_the_scripts() {
    let project = project();
    project.bytes("nidra.toml", format!("{PODCAST}scripts = \"scripts/deep\"\n").as_bytes());
    feed(&project, &[], 0, &["2 episodes"]);
    // Scripts that are named are meant, and an empty feed has nothing to lose.
    feed(&project, &["scripts/rest.toml", "-o", "rest"], 0, &["rest/feed.xml: 1 episode,"]);
    assert!(project.path("rest/rest.mp3").exists());
    project.run_with_input(&["feed", "-"], "title = 5").expect(2, &["a script from stdin has none"]);
    let other = self::project();
    let script = other.path("scripts/rest.toml");
    feed(&project, &["scripts/rest.toml", script.to_str().unwrap()], 2, &["a podcast is of one project"]);
}

#[test]
fn a_script_that_fails_leaves_the_feed_as_it_was() {
    let project = project();
    feed(&project, &[], 0, &[]);
    let before = written(&project);
    project.bytes("scripts/rest.toml", b"title = 5");
    feed(&project, &[], 3, &["scripts/rest.toml", "feed.xml was left as it was"]);
    assert_eq!(written(&project), before);
    // One that cannot be written.
    project.bytes("scripts/rest.toml", script("Rest", "Sit well.").as_bytes());
    project.bytes("out/feed/rest.mp3", b"somebody's");
    let before = fs::read(project.path("out/feed/feed.xml")).unwrap();
    feed(
        &project,
        &[],
        1,
        &[
            "' is there already and is not nidra's",
            "Not all is there, so out/feed/feed.xml was left as it was.",
        ],
    );
    assert_eq!(fs::read(project.path("out/feed/feed.xml")).unwrap(), before);
    feed(&project, &["--force"], 0, &["3 rendered"]);
}

#[test]
fn what_somebody_else_made_stays_unless_it_is_forced() {
    let check = |name: &str, text: &str| {
        let project = project();
        feed(&project, &["--json"], 0, &[]);
        project.bytes("scripts/rest.toml", script("Rest well", "Rest.").as_bytes());
        project.bytes(&format!("out/feed/{name}"), text.as_bytes());
        refused(
            &project,
            &[],
            1,
            &[&format!("{name}' is there already and is not nidra's; `--force` replaces it")],
        );
        feed(&project, &["--force"], 0, &[]);
        assert_ne!(fs::read_to_string(project.path(&format!("out/feed/{name}"))).unwrap(), text);
    };
    check(
        "feed.xml",
        "<rss version=\"2.0\"><channel><title>A</title><link>https://a.org</link><description>A</description><generator>other</generator></channel></rss>",
    );
    check("feed.xml", "");
    check("playlist.m3u8", "#EXTM3U\nmine.mp3\n");
}

#[test]
fn what_listeners_would_lose_is_said_before_they_lose_it() {
    let project = project();
    feed(&project, &[], 0, &[]);
    let rename = |from: &str, to: &str| fs::rename(project.path(from), project.path(to)).unwrap();
    rename("scripts/rest.toml", "scripts/still.toml");
    refused(&project, &[], 1, &["error: listeners would lose `Rest`, or get it twice", "--accept-loss"]);
    feed(
        &project,
        &["--accept-loss"],
        0,
        &[
            "warning: listeners would lose `Rest`",
            "No longer used in out/feed, and never deleted: rest.chapters.json, rest.mp3, rest.vtt.",
        ],
    );
    feed(&project, &[], 0, &["3 current", "No longer used"]);
    // Another address is another podcast, unless its guid is written down.
    let guid = channel(&project).extensions["podcast"]["guid"][0].value.clone().unwrap();
    let moved = PODCAST.replace("example.com/rest", "example.org/rest");
    project.bytes("nidra.toml", moved.as_bytes());
    let says = format!("the one that is there stays itself with `guid = \"{guid}\"` in `[podcast]`");
    refused(&project, &[], 1, &["apps would take this for another podcast", &says]);
    project.bytes("nidra.toml", format!("{moved}guid = \"{guid}\"\n").as_bytes());
    feed(&project, &[], 0, &["3 current", "for https://example.org/rest/feed.xml"]);
}

#[test]
fn only_what_nidra_left_is_called_unused() {
    let project = project();
    project.bytes("out/feed/index.html", b"<html></html>");
    project.bytes("out/feed/mine.mp3", b"mine");
    project.bytes("out/feed/mine.jpg", b"mine");
    let outcome = feed(&project, &[], 0, &[]);
    assert!(!outcome.stderr.contains("No longer used"), "{}", outcome.stderr);
    // Another title is another drawn cover.
    project.bytes("nidra.toml", PODCAST.replace("Evenings", "Mornings").as_bytes());
    feed(&project, &[], 0, &["No longer used in out/feed, and never deleted: cover-"]);
}

fn spawn(project: &Project) -> Child {
    nidra(&project.path("")).arg("feed").stderr(Stdio::piped()).spawn().unwrap()
}

/// Seven rests and two sits.
fn many() -> Project {
    (0..6).fold(project(), |project, number| {
        project.file(&format!("scripts/{number}.toml"), &script(&format!("The {number}th"), LINES[2]))
    })
}

#[test]
fn a_run_that_is_killed_leaves_no_feed_of_what_is_not_there() {
    let reference = many();
    feed(&reference, &[], 0, &[]);
    let whole = bytes(&reference);
    let project = many();
    for sentences in [1, 4, 7] {
        let mut child = spawn(&project);
        let heard = BufReader::new(child.stderr.take().unwrap()).lines().take(sentences).count();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(heard, sentences);
        for (path, found) in bytes(&project).iter().filter(|(path, _)| !path.contains("/.nidra-")) {
            assert!(whole.get(path) == Some(found), "{path} is not whole");
        }
        assert!(!project.path("out/feed/feed.xml").exists() || bytes(&project).len() >= whole.len());
    }
    feed(&project, &[], 0, &[]);
    assert!(bytes(&project) == whole, "{:?}", project.files("out"));
}

#[test]
fn two_runs_at_once_make_one_feed() {
    let project = many();
    for mut run in [spawn(&project), spawn(&project)] {
        let mut said = String::new();
        run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(run.wait().unwrap().success(), "{said}");
    }
    let reference = many();
    feed(&reference, &[], 0, &[]);
    assert!(bytes(&project) == bytes(&reference), "{:?}", project.files("out"));
}

#[test]
fn the_podcast_of_a_new_project_needs_only_its_comments_taken_away() {
    let project = Project::with_lines(&[]);
    project.run(&["init", "new"]).expect(0, &[]);
    let text = fs::read_to_string(project.path("new/nidra.toml")).unwrap();
    let (before, podcast) = text.split_once("# [podcast]").unwrap();
    let podcast: Vec<&str> = podcast.lines().map(|line| line.trim_start_matches("# ")).collect();
    let rest = "title = \"A\"\n[[section]]\ntitle = \"A\"\ncues = [ { bell = \"bowl\" } ]\n";
    project.bytes("new/nidra.toml", format!("{before}[podcast]{}\n", podcast.join("\n")).as_bytes());
    project.bytes("new/scripts/first-sit.toml", rest.as_bytes());
    let made = nidra(&project.path("new")).args(["feed", "--deny", "warnings"]).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
