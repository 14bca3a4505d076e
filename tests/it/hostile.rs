//! Text of strangers: whatever a script, a file, an argument or a track is called, it steers no terminal and no player.

use std::fs;
use std::path::Path;

use crate::harness::{Project, RunOutput, nidra};

/// What must not come out: controls but line feeds and tabs, marks of direction, separators, and what nothing is seen of.
/// Written down again here, so that a character which the program forgets is missed.
fn forbidden() -> impl Iterator<Item = char> {
    let ranges = [
        '\u{1}'..='\u{8}',
        '\u{b}'..='\u{1f}',
        '\u{7f}'..='\u{9f}',
        '\u{61c}'..='\u{61c}',
        '\u{200e}'..='\u{200f}',
        '\u{2028}'..='\u{202e}',
        '\u{2060}'..='\u{2060}',
        '\u{2066}'..='\u{2069}',
        '\u{feff}'..='\u{feff}',
        '\u{e0041}'..='\u{e0041}',
    ];
    ranges.into_iter().flatten()
}

/// A name with these, each between two letters by which it is found again, and a second line that is false.
fn hostile(steering: &str) -> String {
    let marks: String = steering.chars().map(|c| format!("zq{c}")).collect();
    format!("A{marks}zq\nerror false")
}

/// For names, which are short.
const SOME: &str = "\u{1b}\u{7}\r\u{7f}\u{9b}\u{85}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{feff}\u{e0041}";

/// For texts.
fn all() -> String {
    hostile(&forbidden().collect::<String>())
}

/// A text as TOML has it, with escapes for what it cannot have.
fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        _ => format!("\\U{:08x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// Fails if a text steers.
#[track_caller]
fn check_text(what: &str, text: &str) {
    let text = text.replace("\r\n", "\n");
    let found: Vec<char> = forbidden().filter(|c| text.contains(*c)).collect();
    assert!(
        found.is_empty(),
        "{what} has {found:?}:\n{}",
        text.escape_debug().to_string().replace("\\n", "\n")
    );
}

/// Fails if what was printed steers, or has a line that none of ours begins: the one that stands in every hostile name.
#[track_caller]
fn check_said(what: &str, text: &str) {
    check_text(what, text);
    assert!(!text.lines().any(|line| line.starts_with("error false")), "{what} has a false line:\n{text}");
}

#[track_caller]
fn check_run(what: &str, run: &RunOutput) {
    check_said(&format!("stderr of {what}"), &run.stderr);
    check_said(&format!("stdout of {what}"), &String::from_utf8(run.stdout.clone()).unwrap());
}

/// Fails if sound with tags has a mark with what steers in it, in any of the encodings that tags are in.
#[track_caller]
fn check_bytes(what: &str, bytes: &[u8]) {
    let forms = |c: char| {
        let mark = format!("zq{c}zq");
        let wide = |order: fn(u16) -> [u8; 2]| mark.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let latin: Option<Vec<u8>> = mark.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        // All begin with the letter, so that few places need be looked at.
        let forms = [mark.clone().into_bytes(), wide(u16::to_le_bytes), wide(u16::to_be_bytes)[1..].to_vec()];
        forms.into_iter().chain(latin).map(move |form| (c, form))
    };
    let forms: Vec<(char, Vec<u8>)> = forbidden().flat_map(forms).collect();
    for at in (0..bytes.len()).filter(|at| bytes[*at] == b'z') {
        let found = forms.iter().find(|(_, form)| bytes[at..].starts_with(form));
        assert!(found.is_none(), "{what} has {found:?}");
    }
}

/// Fails if one of these files steers; a sound or a picture is looked at as bytes.
#[track_caller]
fn check_files(project: &Project, folder: &str) -> Vec<String> {
    let files = project.files(folder);
    for file in &files {
        let bytes = fs::read(project.path(file)).unwrap();
        check_bytes(file, &bytes);
        match String::from_utf8(bytes) {
            Ok(text) => check_text(file, &text),
            Err(_) => assert!(!file.ends_with("txt") && !file.ends_with("vtt"), "{file} is no text"),
        }
    }
    files
}

/// A session in which everything that can have a name has a hostile one.
fn session() -> String {
    let (text, name) = (quoted(&all()), quoted(&hostile(SOME)));
    format!(
        "title = {text}\nauthor = {text}\nalbum = {text}\ndescription = {text}\nlevel = {text}\ngenre = {text}\n\
         date = 2026-05-01\nprops = [{text}]\ncautions = [{text}]\nvoice = {name}\n\
         [params.{name}]\ndefault = \"2s\"\n[[edition]]\nname = {name}\nset = {{ {name} = \"3s\" }}\n\
         [[section]]\ntitle = {text}\nprops = [{text}]\ncues = [ {{ say = {text} }}, {{ note = {text} }}, \
         {{ clip = {}, text = {text} }}, {{ pause = \"{{{}}}\" }} ]\n",
        quoted(&format!("sounds/{}.wav", hostile(SOME))),
        &name[1..name.len() - 1],
    )
}

/// The session in a folder of a hostile name, under a hostile name, with a voice and a clip of hostile names.
fn project() -> (Project, String) {
    let name = hostile(SOME);
    let project = Project::with_lines(&["Rest."]);
    let clip = fs::read(project.path("sounds/voices/me/0.wav")).unwrap();
    project.bytes(&format!("sounds/voices/{name}/{name}.wav"), &clip);
    project.bytes(&format!("sounds/{name}.wav"), &clip);
    let voice = format!("[[clip]]\ntext = {}\nfile = {}\n", quoted(&all()), quoted(&format!("{name}.wav")));
    let script = format!("scripts/{name}/{name}.toml");
    let project = project
        .file(&format!("sounds/voices/{name}/voice.toml"), &voice)
        .file("nidra.toml", "rate = 48000\n")
        .file(&script, &session());
    (project, script)
}

#[test]
fn a_session_of_hostile_names_is_printed_and_written_without_what_steers() {
    let (project, script) = project();
    let run = |arguments: &[&str]| {
        let run = project.run(arguments);
        check_run(&format!("{arguments:?}"), &run);
        run
    };
    let checked = run(&["check"]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    let stdout = String::from_utf8(checked.stdout).unwrap();
    assert!(stdout.contains(r"Azq\u{1}zq\u{2}zq") && stdout.contains(r"zq\u{202e}zq"), "{stdout}");
    // JSON tells the same text in other characters.
    let json = run(&["check", "--json"]).json();
    assert_eq!(json[0]["tracks"][0]["cues"][0]["text"], all());
    assert_eq!(run(&["show", &script, "--format", "json"]).json()["title"], all());
    let formats = ["text", "vtt", "srt", "lrc", "txt", "chapters", "labels", "cue", "plan", "html", "svg"];
    for format in formats {
        let shown = project.run(&["show", &script, "--format", format]);
        check_text(format, &String::from_utf8(shown.stdout.clone()).unwrap());
        assert!(shown.code == 0 && !shown.stdout.is_empty(), "{format}: {}", shown.stderr);
    }
    let all_of_it = ["--format", "wav,mp3,flac,opus", "--with", "all", "--playlist"];
    let rendered = run(&[&["render"][..], &all_of_it].concat());
    assert_eq!(rendered.code, 0, "{}", rendered.stderr);
    let json = run(&[&["render", "--json"][..], &all_of_it].concat()).json();
    assert_eq!(json["tracks"][0]["state"], "current");
    assert_eq!(json["tracks"][0]["edition"], hostile(SOME));
    let files = check_files(&project, "out");
    assert_eq!(files.len(), 4 + 11 + 1, "{files:?}");
    let is_track = |file: &&str| ["wav", "mp3", "flac", "opus"].iter().any(|ending| file.ends_with(ending));
    let tracks: Vec<&str> = files.iter().map(String::as_str).filter(is_track).collect();
    assert_eq!(tracks.len(), 4, "{files:?}");
    let verified = run(&[&["verify"], &tracks[..]].concat());
    assert_eq!(verified.code, 0, "{}", String::from_utf8_lossy(&verified.stdout));
    let json = run(&[&["verify", "--json"], &tracks[..]].concat()).json();
    assert_eq!(json[0]["made"]["script"], script);
}

#[test]
fn tracks_of_every_format_keep_the_words_of_a_hostile_title() {
    let (project, _) = project();
    project.run(&["render", "--format", "wav,mp3,flac,opus"]).expect(0, &[]);
    let files = project.files("out");
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        // The tags of all formats hold their texts as they are.
        let bytes = fs::read(project.path(&file)).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(holds(b"Azqzqzq") && holds(b"zqzq error false"), "{file}");
        assert!(!holds(b"Azq\x01"), "{file}");
    }
}

#[test]
fn a_hostile_podcast_is_a_plain_feed() {
    let (text, name) = (quoted(&hostile(SOME)), hostile(SOME));
    let (project, script) = project();
    let podcast = format!(
        "voice = {text}\nrate = 32000\nauthor = {text}\n[podcast]\ntitle = {text}\ndescription = {text}\n\
         url = \"https://example.com/\"\ncategory = \"Fitness\"\nexplicit = false\nemail = \"me@example.com\"\n\
         owner = {text}\nfunding = {{ url = \"https://example.com/give\", text = {text} }}\n"
    );
    let session = session().replace(&quoted(&all()), &text).replace("[[edition]]", "track = 1\n[[edition]]");
    let session = session.replacen("track = 1\n", "", 1);
    let voice = format!("[[clip]]\ntext = {text}\nfile = {}\n", quoted(&format!("{name}.wav")));
    let project = project
        .file("nidra.toml", &podcast)
        .file(&format!("sounds/voices/{name}/voice.toml"), &voice)
        .file(&script, &session);
    for arguments in [&["feed"][..], &["feed", "--json"], &["feed", "-o", &name]] {
        let run = project.run(arguments);
        check_run(&format!("{arguments:?}"), &run);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let files = check_files(&project, "out/feed");
    assert!(files.iter().any(|file| file.ends_with("feed.xml")), "{files:?}");
    let feed = fs::read_to_string(project.path("out/feed/feed.xml")).unwrap();
    assert!(feed.contains("Azqzqzq") && feed.contains("zqzq error false"), "{feed}");
}

/// What is wrong with a script is said so that the terminal stays what it is.
#[test]
fn mistakes_with_hostile_words_are_shown_as_they_are() {
    let name = quoted(&hostile(SOME));
    let section = |cues: &str| format!("title = \"A\"\n[[section]]\ntitle = \"A\"\ncues = [ {cues} ]\n");
    // What TOML can have in a line as it is, and what it cannot.
    let raw = forbidden().map(|c| format!("zq{c}")).collect::<String>();
    let scripts = [
        section(&format!("{{ say = {name} }}")),
        section(&format!("{{ bell = {name} }}")),
        section(&format!("{{ clip = {name} }}")),
        section(&format!("{{ include = {name} }}")),
        section(&format!("{{ pause = {name} }}")),
        section(&format!("{{ {name} = 1 }}")),
        section(&format!("{{ say = \"{{hold}}\", at = {name} }}")),
        format!("voice = {name}\n{}", section("{ say = \"Rest.\" }")),
        format!("bed = {name}\ncover = {name}\n{name} = 5\n{}", section("{ say = \"Rest.\" }")),
        format!("# {raw}\nx = \"{raw}\"\n{}", section("{ say = \"Rest.\" }")),
        section(&format!("{{ say = \"{raw}\" }}, {{ bell = \"bwl\" }}")),
        "title = \"\u{9b}31m\u{202e}\"\nx = 1\n".to_owned(),
    ];
    for script in &scripts {
        let project =
            Project::with_lines(&["Rest."]).file(&format!("scripts/{}.toml", hostile(SOME)), script);
        for arguments in [&["check"][..], &["check", "--json"], &["render"], &["render", "--json"], &["feed"]]
        {
            let run = project.run(arguments);
            check_run(&format!("{arguments:?} of\n{script}"), &run);
            assert_ne!(run.code, 0, "{script}");
        }
    }
}

#[test]
fn a_caret_stands_where_it_stood_behind_what_became_longer() {
    let script = "title = \"A\"\n# \u{9b}\n[[section]]\ntitle = \"\u{202e}\u{9b}\"\r\ncues = [ { note = \"\u{9b}\" }, { bel = 1 } ]\n";
    let project = Project::with_lines(&["Rest."]).file("scripts/a.toml", script);
    let said = project.run(&["check"]).expect(3, &["scripts/a.toml:5:28"]).stderr;
    let lines: Vec<&str> = said.lines().collect();
    let at = lines.iter().position(|line| line.contains("bel = 1")).unwrap();
    assert!(lines[at].contains(r#"{ note = "\u{9b}" }"#), "{said}");
    let column = lines[at].find("bel").unwrap();
    assert_eq!(&lines[at + 1][column..], "^^^", "{said}");
    assert_eq!(lines[at + 1].find('^'), Some(column), "{said}");
}

#[test]
fn arguments_are_repeated_as_they_can_be_shown() {
    let (project, script) = project();
    // No argument has a zero.
    let name = hostile(SOME);
    let set = format!("{name}={name}");
    let path = format!("nowhere/{name}/");
    for arguments in [
        vec!["render", &name],
        vec!["render", &script, "--set", &name],
        vec!["render", &script, "--set", &set],
        vec!["render", &script, "--edition", &name, "--format", &name],
        vec!["render", &script, "--edition", "none", "--set", "hold=5m"],
        vec!["render", &script, "--shard", &name],
        vec!["render", &script, "--rate", &name],
        vec!["render", "--with", &name],
        vec![&name],
        vec!["help", &name],
        vec!["check", &name, "nowhere"],
        vec!["show", &script, "--format", &name],
        vec!["verify", &name, &script],
        vec!["verify", "--json", &name],
        vec!["feed", &name],
        vec!["new", &name],
        vec!["new", &path],
        vec!["init", &name],
        vec!["init", &name],
        vec!["render", &script, "-o", &path],
        vec!["render", &script, "-o", "nidra.toml"],
        vec!["render", &script, "-o", &script],
    ] {
        check_run(&format!("{arguments:?}"), &project.run(&arguments));
    }
    let said = project.run(&["render", &path]).expect(2, &[]).stderr;
    assert!(said.contains(r"q\u{1b}zq\u{7}zq\rz") && said.contains(r"q\u{2028}z"), "{said}");
    let said = project.run(&["render", "--shard", "\u{1b}[31m"]).expect(2, &[]).stderr;
    assert!(said.contains(r"invalid value '\u{1b}[31m' for '--shard"), "{said}");
}

/// A new script is one that can be read, whatever it is called.
#[test]
fn a_new_script_of_a_hostile_name_can_be_read() {
    let project = Project::with_lines(&["Rest."]);
    project.run(&["new", "a\u{1b}b\nc\u{202e}d"]).expect(0, &[r"a\u{1b}b\nc\u{202e}d.toml"]);
    let text = fs::read_to_string(project.path("scripts/a\u{1b}b\nc\u{202e}d.toml")).unwrap();
    assert!(text.contains("title = \"Ab cd\""), "{text}");
}

/// Bytes that are no text: names of files need not be any.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_told_without_their_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let project = Project::with_lines(&["Rest."]);
    let folder = project.path("scripts").join(OsStr::from_bytes(b"a\x9b31m\x1b[31m\xff"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(OsStr::from_bytes(b"\xe2\x80\xae\x9d\x07.toml")), "title = 5\n").unwrap();
    for arguments in [&["check"][..], &["render", "--json"]] {
        check_run(&format!("{arguments:?}"), &project.run(arguments));
    }
    let name = OsStr::from_bytes(b"--format=\xff\x1b[31m\x9b31m");
    let run = nidra(&project.path("")).arg("render").arg(name).output().unwrap();
    let stderr = String::from_utf8(run.stderr).unwrap();
    check_text("stderr", &stderr);
    assert_eq!(run.status.code(), Some(2), "{stderr}");
}

/// What a stranger's track says of itself.
#[test]
fn a_strangers_track_is_told_in_one_line() {
    let project = Project::with_lines(&["Rest."]).file(
        "scripts/with-a-name-that-is-long.toml",
        "title = \"A\"\n[[section]]\ntitle = \"A\"\ncues = [ { say = \"Rest.\" }, { pause = \"1s\" } ]\n",
    );
    project.run(&["render"]).expect(0, &[]);
    let track = fs::read(project.path("out/with-a-name-that-is-long.wav")).unwrap();
    let was = b"\"script\":\"scripts/with-a-name-that-is-long.toml\"";
    let at = track.windows(was.len()).position(|window| window == was).unwrap();
    for script in ["\\u001b[31m\\nb: x", "\u{9b}31m\u{202e}tuo/b: ", "\\n\u{2028}\\u009b1"] {
        let mut forged = track.clone();
        let now = format!("\"script\":\"{script}");
        let now = format!("{now}{}\"", "/".repeat(was.len() - 1 - now.len()));
        forged[at..at + now.len()].copy_from_slice(now.as_bytes());
        project.bytes("forged.wav", &forged);
        let run = project.run(&["verify", "forged.wav"]);
        check_run("verify", &run);
        assert_eq!(String::from_utf8(run.stdout).unwrap().lines().count(), 1);
        check_run("verify --json", &project.run(&["verify", "--json", "forged.wav"]));
    }
}

#[cfg(all(feature = "play", target_os = "linux"))]
#[test]
fn playing_a_hostile_session_says_only_what_is_ours() {
    let (project, script) = project();
    let device = "pcm.!default { type null }\nctl.!default { type null }\n";
    project.bytes("device.conf", device.as_bytes());
    let play = |arguments: &[&str]| {
        let mut run = nidra(&project.path(""));
        run.args([&["play", &script], arguments].concat())
            .env("ALSA_CONFIG_PATH", project.path("device.conf"));
        let output = run.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        check_said(&format!("stderr of play {arguments:?}"), &stderr);
        (output.status.code(), stderr)
    };
    let (code, said) = play(&[]);
    assert!(code == Some(0) && said.contains(r"Azq\u{1}zq\u{2}zq"), "{said}");
    let name = hostile(SOME);
    assert_eq!(play(&["--section", &name]).0, Some(2));
    assert_eq!(play(&["--device", &name]).0, Some(5));
    assert_eq!(play(&["--volume", &name]).0, Some(2));
}

/// On a terminal, where there are colours, bars and a line that changes: none of the names is in it as it is.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_no_order_of_a_hostile_name() {
    let (project, script) = project();
    fs::rename(project.path(&script), project.path("scripts/a.toml")).unwrap();
    project.bytes("null.conf", b"pcm.!default { type null }\nctl.!default { type null }\n");
    project.bytes("wrong.toml", format!("title = {}\nx = 1\n# \u{9b}\n", quoted(&all())).as_bytes());
    let mut runs = vec!["check", "render", "check wrong.toml", "render --format $'\\e[35m'"];
    if cfg!(feature = "play") {
        runs.push("play scripts/a.toml");
    }
    for run in runs {
        let Some(seen) = on_a_terminal(&project.path(""), run) else { return };
        check_bytes(run, &seen);
        assert!(!seen.trim_ascii().is_empty(), "{run} said nothing");
        assert!(!String::from_utf8_lossy(&seen).contains("\x1b[35m"), "{run}");
    }
}

/// All that comes to a terminal, which `script` (util-linux) makes; where it is missing, it is said.
#[cfg(target_os = "linux")]
fn on_a_terminal(folder: &Path, arguments: &str) -> Option<Vec<u8>> {
    let run = format!("bash -c \"{} {arguments}\"", env!("CARGO_BIN_EXE_nidra"));
    let mut terminal = std::process::Command::new("script");
    terminal.args(["--quiet", "--command", &run, "/dev/null"]).current_dir(folder);
    terminal.env("TERM", "xterm").env("ALSA_CONFIG_PATH", folder.join("null.conf"));
    terminal.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let seen = terminal.stdin(std::process::Stdio::null()).output();
    if seen.is_err() {
        crate::judges::missing("script");
    }
    seen.ok().map(|seen| seen.stdout)
}
