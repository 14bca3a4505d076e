//! Small inputs made to cost much, or to hold what is no number: each is a success or a named refusal, within a gigabyte.
//!
//! Each is made here, byte by byte, and read by the program under limits of the system. Speed is measured elsewhere; the
//! limit of processor time only ends what would never end.
#![cfg(unix)]

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use crate::harness::Project;

/// Addresses that the program may use, in kilobytes: each of its threads takes some that it never fills.
const MEMORY: u32 = 1_000_000;

/// Seconds of a processor, many times what any of these takes where it is optimised.
const PATIENCE: u32 = 60;

/// A table of TOML that every script can end with.
const PAUSE: &str = "[[section]]\ntitle = \"A\"\ncues = [ { pause = \"1s\" } ]\n";

/// A project with these files, and the program run in it.
struct Hostile {
    project: Project,
}

impl Hostile {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let project =
            Project::with_lines(&["Rest."]).file("nidra.toml", "voice = \"me\"\ncover = \"none\"\n");
        files.iter().for_each(|(path, bytes)| project.bytes(path, bytes));
        Self { project }
    }

    /// Runs it, and expects this exit code and these words.
    #[track_caller]
    fn run(&self, arguments: &[&str], code: i32, says: &str) -> &Self {
        let (ended, stderr) = self.survive(arguments);
        let told: String = stderr.chars().take(2000).collect();
        assert_eq!(ended, code, "{arguments:?}: {told}");
        assert!(stderr.contains(says), "{arguments:?}: `{says}` is not in: {told}");
        self
    }

    /// Runs it, and expects an exit code of its own: that of a success or of a named refusal.
    #[track_caller]
    fn survive(&self, arguments: &[&str]) -> (i32, String) {
        let limits = format!("ulimit -v {MEMORY}; ulimit -t {PATIENCE}; exec \"$@\"");
        let run = Command::new("sh")
            .args(["-c", &limits, "sh", env!("CARGO_BIN_EXE_nidra")])
            .args(arguments)
            .current_dir(self.project.path("."))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr).into_owned();
        let told: String = stderr.chars().take(2000).collect();
        assert_eq!(run.status.signal(), None, "{arguments:?}: {told}");
        let code = run.status.code().unwrap();
        assert!((0..=4).contains(&code), "{arguments:?}: exit {code}: {told}");
        (code, stderr)
    }

    /// Every sample of a track in floats.
    fn samples(&self, path: &str) -> Vec<f32> {
        let reader = hound::WavReader::open(self.project.path(path)).unwrap();
        reader.into_samples::<f32>().map(Result::unwrap).collect()
    }
}

/// A script of these cues, and the files it needs.
#[track_caller]
fn check(cues: &str, files: &[(&str, &[u8])], code: i32, says: &str) -> Hostile {
    let script = format!("title = \"T\"\n[[section]]\ntitle = \"A\"\ncues = [ {cues} ]\n");
    check_script(&script, files, code, says)
}

#[track_caller]
fn check_script(script: &str, files: &[(&str, &[u8])], code: i32, says: &str) -> Hostile {
    let script = ("scripts/t.toml", script.as_bytes());
    let hostile = Hostile::new(&[files, &[script]].concat());
    hostile.run(&["render", "--format", "wav,mp3"], code, says);
    hostile
}

/// A script that plays one file.
#[track_caller]
fn check_sound(bytes: &[u8], code: i32, says: &str) -> Hostile {
    check("{ clip = \"sounds/a\" }", &[("sounds/a", bytes)], code, says)
}

/// A WAV file with a header that says so.
fn wav(format: u16, channels: u16, hz: u32, bits: u16, data: &[u8], said: u32) -> Vec<u8> {
    let block = channels.wrapping_mul(bits / 8);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(said.saturating_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend([format, channels].map(u16::to_le_bytes).concat());
    bytes.extend([hz, hz.wrapping_mul(u32::from(block))].map(u32::to_le_bytes).concat());
    bytes.extend([block, bits].map(u16::to_le_bytes).concat());
    bytes.extend(b"data");
    bytes.extend(said.to_le_bytes());
    bytes.extend(data);
    bytes
}

fn floats(samples: &[f32]) -> Vec<u8> {
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    wav(3, 1, 48_000, 32, &data, data.len() as u32)
}

fn of_rate(hz: u32) -> Vec<u8> {
    let data = [0x10, 0x20].repeat(1000);
    wav(1, 1, hz, 16, &data, data.len() as u32)
}

#[test]
fn rates_that_no_session_has() {
    let primes =
        [47_981, 47_977, 47_969, 47_963, 47_951, 47_947, 47_939, 47_933, 47_917, 47_911, 47_903, 47_881];
    let files: Vec<(String, Vec<u8>)> =
        primes.iter().map(|hz| (format!("sounds/{hz}.wav"), of_rate(*hz))).collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let cues: Vec<String> = files.iter().map(|(path, _)| format!("{{ clip = \"{path}\" }}")).collect();
    check(&cues.join(", "), &files, 0, "");
    for hz in [4001, 11_127, 767_999] {
        check_sound(&of_rate(hz), 0, "");
    }
    for hz in [0, 1, 100, 3999, 768_001, 2_147_483_647] {
        check_sound(&of_rate(hz), 4, "could not read `sounds/a`");
    }
}

#[test]
fn samples_that_are_no_sound() {
    let quiet: Vec<f32> = (0..4800).map(|n| (n % 50) as f32 / 100.0 - 0.25).collect();
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e38, -1001.0] {
        let mut samples = quiet.clone();
        samples[77] = bad;
        check_sound(&floats(&samples), 4, "over 60 dB above full scale: 1, the first at frame 77;");
        // Of a long recording, which is read while it is heard.
        let mut samples = quiet.repeat(650);
        samples[3_000_000] = bad;
        check_sound(&floats(&samples), 4, "over 60 dB above full scale: 1, the first at frame 3000000;");
    }
}

#[test]
fn arithmetic_that_overflows() {
    let loudest = floats(&[1000.0, -1000.0].repeat(4800));
    let softest = floats(&[1e-30, -1e-30].repeat(4800));
    let files: [(&str, &[u8]); 2] = [("sounds/loud.wav", &loudest), ("sounds/soft.wav", &softest)];
    let loud = "{ clip = \"sounds/loud.wav\", gain = \"120dB\" }, ".repeat(40);
    let cues = format!("{{ clip = \"sounds/soft.wav\", gain = \"120dB\" }}, {loud}");
    let hostile = check(&cues, &files, 0, "");
    let sounding: Vec<f32> =
        hostile.run(&["render", "--format", "wav", "--bits", "32f", "--force"], 0, "").samples("out/t.wav");
    assert!(sounding.iter().all(|sample| sample.abs() <= 1.0), "a sample is beyond full scale");
    assert!(sounding.iter().any(|sample| sample.abs() > 0.01));
    for gain in ["+400dB", "-16e300dB", "1e999dB", "NaNdB", "infdB"] {
        check(&format!("{{ bell = \"bowl\", gain = \"{gain}\" }}"), &[], 3, "error[malformed]");
    }
    let bell = Hostile::new(&[(
        "scripts/t.toml",
        b"title = \"T\"\n[[section]]\ntitle = \"A\"\ncues = [ { bell = \"bowl\" } ]\n",
    )]);
    for wrong in [
        "--loudness=-16e300LUFS",
        "--loudness=+400LUFS",
        "--loudness=NaNLUFS",
        "--ceiling=1e999dBTP",
        "--ceiling=NaNdBTP",
    ] {
        bell.run(&["render", wrong], 2, "");
    }
}

#[test]
fn headers_that_promise_what_is_not_there() {
    check_sound(&wav(1, 1, 48_000, 16, &[0x11; 200], 0xffff_fff0), 4, "it ends after 100 of");
    check_sound(&wav(1, 65_535, 48_000, 8, &[0x11; 400_000], 400_000), 4, "could not read `sounds/a`");
    check_sound(&wav(1, 65_535, 48_000, 16, &[0x11; 400_000], 400_000), 4, "could not read `sounds/a`");
    // A FLAC of 2^36 - 1 frames, with and without the beginning of one.
    let mut flac = b"fLaC\x80\0\0\x22\0\x10\xff\xff\0\0\0\0\0\0".to_vec();
    flac.extend(((44_100u64 << 44) | (1 << 41) | (15 << 36) | 0xf_ffff_ffff).to_be_bytes());
    flac.extend([0; 16]);
    check_sound(&flac, 4, "could not read `sounds/a`");
    check_sound(&[&flac[..], b"\xff\xf8", &[0; 500]].concat(), 4, "could not read `sounds/a`");
    // An AIFF of four billion frames in 32,767 channels.
    let mut aiff = b"FORM\0\0\x01\0AIFFCOMM\0\0\0\x12\x7f\xff\xff\xff\xff\xff\0\x08".to_vec();
    aiff.extend(b"\x40\x0e\xbb\x80\0\0\0\0\0\0SSND\0\0\x10\0\0\0\0\0\0\0\0\0");
    aiff.extend([0; 4096]);
    check_sound(&aiff, 4, "could not read `sounds/a`");
    check_sound(b"ID3\x03\0\0\x7f\x7f\x7f\x7f\0\0\0\0", 4, "could not read `sounds/a`");
    // Ten thousand streams in one Ogg file, each begun and none gone on with.
    let page = |serial: u32| {
        let mut page = b"OggS\0\x02\0\0\0\0\0\0\0\0".to_vec();
        page.extend(serial.to_le_bytes());
        page.extend(b"\0\0\0\0\0\0\0\0\x01\x1e\x01vorbis\0\0\0\0\x02\x44\xac\0\0");
        page.extend([0; 30 - 16]);
        page
    };
    check_sound(&(0..10_000).flat_map(page).collect::<Vec<u8>>(), 4, "could not read `sounds/a`");
    check_sound(&wav(1, 1, 48_000, 16, &[], 0), 4, "there is no sound in it");
    let one = wav(1, 1, 48_000, 16, &[1, 2], 2);
    let script = format!("title = \"T\"\n[bed]\nsound = \"sounds/a.wav\"\n{PAUSE}");
    check_script(&script, &[("sounds/a.wav", &one)], 0, "");
}

#[test]
fn toml_that_is_nested_without_end() {
    let brackets = format!("x = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let braces = format!("x = {}1{}\n", "{a=".repeat(100_000), "}".repeat(100_000));
    let dots = format!("{}a = 1\n", "a.".repeat(100_000));
    for text in [brackets, braces, dots] {
        check_script(&format!("title = \"T\"\n{text}{PAUSE}"), &[], 3, "error[");
        let hostile = Hostile::new(&[
            ("scripts/t.toml", format!("title = \"T\"\n{PAUSE}").as_bytes()),
            ("nidra.toml", text.as_bytes()),
        ]);
        hostile.run(&["check"], 3, "error[");
        let hostile = Hostile::new(&[
            ("scripts/t.toml", format!("title = \"T\"\nvoice = \"me\"\n{PAUSE}").as_bytes()),
            ("sounds/voices/me/voice.toml", text.as_bytes()),
        ]);
        hostile.run(&["check"], 3, "error[");
    }
    let repeats = "{ repeat = 1, cues = [ ".repeat(20_000) + &" ] }".repeat(20_000);
    check(&repeats, &[], 3, "error[syntax]");
}

#[test]
fn includes_that_grow_into_a_forest() {
    let names: Vec<String> = (0..=30).map(|n| format!("common/{n}.toml")).collect();
    let texts: Vec<String> = (1..=31)
        .map(|next| {
            format!("cues = [ {} ]\n", format!("{{ include = \"common/{next}.toml\" }}, ").repeat(10))
        })
        .collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    check("{ include = \"common/0.toml\" }", &files, 3, "error[include-loop]");
    let large = format!("cues = [ {} ]\n", "{ pause = \"1s\" }, ".repeat(50_000));
    let includes = "{ include = \"common/a.toml\" }, ".repeat(900);
    check(&includes, &[("common/a.toml", large.as_bytes())], 3, "more than 2 MB with all that it includes");
}

#[test]
fn rounds_that_multiply() {
    let many = |cue: &str| format!("{{ repeat = 90, cues = [ {{ repeat = 1000, cues = [ {cue} ] }} ] }}");
    for cue in [
        "{ bell = \"bowl\", strikes = 1000, every = \"0s\" }",
        "{ breathe = 1000, in = \"1ms\", out = \"1ms\", guide = \"tone\" }",
        "{ count = 1000, every = \"0s\" }",
        "{ checks = [ \"halfway\", \"halfway\", \"halfway\" ] }",
        &format!("{{ say = \"{}\" }}", "Rest. ".repeat(20_000)),
    ] {
        check(&many(cue), &[], 3, "error[too-long]");
    }
    let nested = "{ repeat = 10, cues = [ ".repeat(9) + "{ pause = \"1s\" }" + &" ] }".repeat(9);
    check(&nested, &[], 3, "error[too-long]");
    let sides = format!(
        "title = \"T\"\n[[section]]\ntitle = \"A\"\nrepeat = 1000\nsides = [ {} ]\ncues = []\n",
        "\"a\", ".repeat(1000)
    );
    check_script(&sides, &[], 3, "error[too-long]");
    let hold = format!(
        "title = \"T\"\n[params.hold]\ndefault = \"1m\"\n[[section]]\ntitle = \"A\"\nlength = \"{{hold}}\"\ncues = [ {{ say = \"{}\" }} ]\n",
        "{hold}".repeat(160_000)
    );
    check_script(&hold, &[], 3, "error[too-long]");
    let pauses = "{ pause = \"24h\" }, ".repeat(30_000);
    check(&pauses, &[], 3, "error[too-long]");
    check("{ count = 1000, every = \"24h\" }, { breathe = 1000, in = \"24h\" }", &[], 3, "error[");
    check("{ pause = \"999999999h\" }", &[], 3, "error[malformed]");
}

#[test]
fn bells_and_breaths_without_end() {
    check("{ breathe = 1, in = \"8h\", out = \"8h\", guide = \"tone\" }", &[], 3, "error[out-of-range]");
    let breaths: Vec<String> = (0..1500)
        .map(|n| format!("{{ breathe = 1, in = \"{}ms\", guide = \"tone\" }}", 10_000 + n))
        .collect();
    check(&breaths.join(", "), &[], 3, "error[too-long]");
    let bells: Vec<String> = (0..3000)
        .map(|n| format!("{{ bell = \"bowl\", pitch = \"{}.{:03}Hz\" }}", 100 + n, n % 1000))
        .collect();
    check(&bells.join(", "), &[], 3, "error[too-long]");
}

#[test]
fn mistakes_by_the_thousand() {
    let script = |keys: String, cues: String| {
        format!("title = \"T\"\n{keys}[[section]]\ntitle = \"A\"\ncues = [ {cues} ]\n")
    };
    let keys: String = (0..40_000).map(|n| format!("lenght{n} = 1\n")).collect();
    check_script(&script(keys, String::new()), &[], 3, "error[too-many-findings]");
    let params: String = (0..10_000).map(|n| format!("[params.name{n:05}]\ndefault = 1\n")).collect();
    let says: String = (0..10_000).map(|n| format!("{{ say = \"{{nmae{n:05}}}\" }}, ")).collect();
    check_script(&script(params, says), &[], 3, "error[too-many-findings]");
    let says = "{ say = \"{left}\" }, ".repeat(40_000);
    check_script(&script(String::new(), says), &[], 4, "error[missing-line]");
    check_script(&format!("title = \"T\"\n{}", "\r".repeat(900_000)), &[], 3, "error[syntax]");
    let voice: String =
        (0..10_000).map(|n| format!("[[clip]]\ntext = \"lien numbr {n} hre\"\nfile = \"0.wav\"\n")).collect();
    let says: String = (0..10_000).map(|n| format!("{{ say = \"line number {n} here\" }}, ")).collect();
    check(&says, &[("sounds/voices/me/voice.toml", voice.as_bytes())], 4, "error[too-many-findings]");
    let long = format!("[[clip]]\ntext = \"{}\"\nfile = \"0.wav\"\n", "wrod ".repeat(150_000));
    let say = format!("{{ say = \"{}\" }}", "word ".repeat(150_000));
    check(&say, &[("sounds/voices/me/voice.toml", long.as_bytes())], 4, "error[missing-line]");
    check_script(&"= \n".repeat(200_000), &[], 3, "error[too-many-findings]");
    check_script(
        &script(format!("{} = 1\n", "a".repeat(900_000)), String::new()),
        &[],
        3,
        "error[unknown-key]",
    );
    check(&format!("{{ say = \"{}\" }}", "{ ".repeat(400_000)), &[], 3, "error[too-many-findings]");
}

#[test]
fn lists_that_no_person_writes() {
    let project = |line: String| {
        let project = format!("voice = \"me\"\ncover = \"none\"\n{line}\n");
        let hostile =
            Hostile::new(&[("nidra.toml", project.as_bytes()), ("scripts/t.toml", PAUSE.as_bytes())]);
        hostile.run(&["feed"], 3, "error[too-many-entries]");
    };
    let list = |texts: &str| format!("[{}]", texts.trim_end_matches(", "));
    project(format!("[podcast]\ncategory = {}", list(&"\"Fitnes\", ".repeat(80_000))));
    let scripts: String = (0..40_000).map(|n| format!("\"scripts/a{n}.toml\", ")).collect();
    project(format!("[podcast]\nscripts = {}", list(&scripts)));
    let check_list = |top: String, section: String, cues: String| {
        let script =
            format!("title = \"T\"\n{top}\n[[section]]\ntitle = \"A\"\n{section}\ncues = [ {cues} ]\n");
        check_script(&script, &[], 3, "error[too-many-entries]");
    };
    let rest = || "{ say = \"Rest.\" }, ".repeat(1000);
    check_list(format!("voice = {}", list(&"\"me\", ".repeat(80_000))), String::new(), rest());
    let editions: String = (0..3000).map(|n| format!("[[edition]]\nname = \"e{n}\"\n")).collect();
    check_list(editions, String::new(), rest());
    let sides: String = (0..3000).map(|n| format!("\"s{n}\", ")).collect();
    check_list(
        String::new(),
        format!("sides = {}", list(&sides)),
        "{ say = \"Rest {side}.\" }, ".repeat(1000),
    );
    let checks: String = (0..60_000).map(|n| format!("\"{}m left\", ", n % 600 + 1)).collect();
    check_list(
        "length = \"20h\"".to_owned(),
        String::new(),
        format!("{{ checks = {} }}, {{ pause = \"flex\" }}", list(&checks)),
    );
    let params: String = (0..25_000).map(|n| format!("[params.p{n}]\ndefault = 1\n")).collect();
    check_list(params, String::new(), rest());
    let include = ("common/i.toml", &b"cues = [ { pause = \"1s\" } ]\n"[..]);
    check(&"{ include = \"common/i.toml\" }, ".repeat(25_000), &[include], 3, "error[include-loop]");
    let editions: String = (0..100).map(|n| format!("[[edition]]\nname = \"e{n}\"\n")).collect();
    let script = format!(
        "title = \"T\"\n{editions}[[section]]\ntitle = \"A\"\ncues = [ {} ]\n",
        "{ pause = \"1s\" }, ".repeat(20_000)
    );
    check_script(&script, &[], 3, "error[too-long]");
}

#[test]
fn a_picture_of_more_pixels_than_memory() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    png.extend([0; 600]);
    let script = format!("title = \"T\"\ncover = \"cover.png\"\n{PAUSE}");
    let hostile = Hostile::new(&[("scripts/t.toml", script.as_bytes()), ("cover.png", &png)]);
    hostile.run(&["render", "--format", "mp3,flac"], 0, "the cover is 60000 by 60000 pixels");
}

#[test]
fn measures_that_somebody_else_wrote() {
    let script = "title = \"T\"\n[[section]]\ntitle = \"A\"\ncues = [ { say = \"Rest.\" } ]\n";
    let hostile = Hostile::new(&[("scripts/t.toml", script.as_bytes())]);
    hostile.run(&["check"], 0, "");
    let path = hostile.project.path(".nidra/measures");
    let written = std::fs::read(&path).unwrap();
    let records = written.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    // How many records there are, where the value of the first ends, and all numbers of it: length, rate, gain, powers.
    let values = records + 8 + 40;
    let places = [records, records + 8 + 32].into_iter().chain((values..written.len() - 32).step_by(4));
    for at in places {
        for number in
            [f32::NAN, f32::INFINITY, 3e38, -1.0].map(f32::to_le_bytes).into_iter().chain([[0xff; 4]])
        {
            let mut body = written[..written.len() - 32].to_vec();
            body[at..at + 4].copy_from_slice(&number);
            let forged = [&body[..], blake3::hash(&body).as_bytes()].concat();
            std::fs::write(&path, forged).unwrap();
            hostile.survive(&["render", "--format", "wav,mp3", "--force"]);
        }
    }
}
