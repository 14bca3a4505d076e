//! Folders for players: numbered files that keep their order, and a playlist.

use std::fs;

use crate::harness::Project;

fn script(title: &str, more: &str) -> String {
    let section =
        "[[section]]\ntitle = \"A\"\nlength = \"1s\"\ncues = [ { say = \"Rest.\" }, { pause = \"flex\" } ]\n";
    format!("title = \"{title}\"\nrate = 48000\n{more}\n{section}")
}

fn project() -> Project {
    Project::with_lines(&["Rest."])
        .file("scripts/b/légs.toml", &script("Légs", "author = \"A teacher\""))
        .file("scripts/a.toml", &script("First by name", ""))
        .file("scripts/z.toml", &script("First by number", "track = 1"))
}

fn names(project: &Project, folder: &str) -> Vec<String> {
    let names = project.files(folder).into_iter();
    names.map(|path| path.trim_start_matches(folder).trim_start_matches('/').to_owned()).collect()
}

#[test]
fn a_folder_for_a_phone_is_numbered_and_has_a_playlist() {
    let project = project();
    project.run(&["render", "--for", "phone"]).expect(0, &["out/phone/playlist.m3u8: 3 tracks."]);
    let files = ["01-z.mp3", "02-a.mp3", "03-legs.mp3", "playlist.m3u8"];
    assert_eq!(names(&project, "out/phone"), files);
    let playlist = fs::read_to_string(project.path("out/phone/playlist.m3u8")).unwrap();
    let tracks: Vec<&str> = playlist.lines().filter(|line| !line.starts_with("# ")).collect();
    let expected = [
        "#EXTM3U",
        "#PLAYLIST:phone",
        "#EXTINF:1,First by number",
        "01-z.mp3",
        "#EXTINF:1,First by name",
        "02-a.mp3",
        "#EXTINF:1,A teacher - Légs",
        "03-legs.mp3",
    ];
    assert_eq!(tracks, expected);
    project.run(&["render", "--for", "phone"]).expect(0, &["3 tracks: 3 current."]);
}

#[test]
fn a_phone_is_louder_unless_a_script_says_how_loud_it_is() {
    let project = project().file("scripts/z.toml", &script("Z", "loudness = \"sleep\""));
    let report = project.run(&["render", "--for", "phone", "--json"]).expect(0, &[]).json();
    let loudness = |index: usize| report["tracks"][index]["voice_lufs"].as_f64().unwrap();
    assert_eq!([loudness(0), loudness(1), loudness(2)], [-14.0, -14.0, -18.0]);
    project.run(&["verify", "out/phone/01-a.mp3"]).expect(0, &[]);
}

#[test]
fn files_follow_their_tracks_when_numbers_change() {
    let project = project();
    project.run(&["render", "--for", "phone", "--with", "txt"]).expect(0, &[]);
    let time = |path: &str| fs::metadata(project.path(path)).unwrap().modified().unwrap();
    let before = time("out/phone/03-legs.mp3");
    fs::write(project.path("scripts/aa.toml"), script("Between", "")).unwrap();
    let run = ["render", "--for", "phone", "--with", "txt"];
    project.run(&run).expect(0, &["4 tracks: 1 rendered, 3 current."]);
    let (mp3, txt) =
        (["01-z.mp3", "02-a.mp3", "03-aa.mp3", "04-legs.mp3"], ["01-z.txt", "02-a.txt", "03-aa.txt"]);
    let found = names(&project, "out/phone");
    assert!(mp3.iter().chain(&txt).all(|name| found.contains(&(*name).to_owned())), "{found:?}");
    assert_eq!(found.len(), 9, "{found:?}");
    assert_eq!(time("out/phone/04-legs.mp3"), before);
    // A script goes: its track stays, and is named.
    fs::remove_file(project.path("scripts/a.toml")).unwrap();
    project
        .run(&run)
        .expect(0, &["No script makes these tracks any more: out/phone/02-a.mp3.", "3 tracks: 3 current."]);
}

#[test]
fn a_playlist_of_somebody_s_is_not_replaced() {
    let project = project();
    let path = project.path("out/playlist.m3u8");
    fs::create_dir_all(project.path("out")).unwrap();
    fs::write(&path, "#EXTM3U\nmine.mp3\n").unwrap();
    project.run(&["render", "--playlist"]).expect(1, &["playlist.m3u8' is there already", "--force"]);
    // Said before anything is rendered.
    assert_eq!(names(&project, "out"), ["playlist.m3u8"]);
    project.run(&["render", "--playlist", "--force"]).expect(0, &[]);
    assert!(fs::read_to_string(&path).unwrap().contains("\nb/legs.wav\n"));
    fs::write(project.path("scripts/c.toml"), script("C", "")).unwrap();
    project.run(&["render", "--playlist"]).expect(0, &["out/playlist.m3u8: 4 tracks."]);
    project.run(&["render", "--playlist", "--shard", "0/2"]).expect(0, &["No playlist was written"]);
    project.run(&["render", "--playlist", "-o", "-"]).expect(2, &["--playlist"]);
}
