//! A project in a temporary folder, and the program run in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A project that is gone when the test is over.
pub(crate) struct Project {
    folder: tempfile::TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct RunOutput {
    pub(crate) code: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Project {
    /// A project with a voice `me` that has these lines, 20 milliseconds a letter.
    pub(crate) fn with_lines(lines: &[&str]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let mut voice = String::new();
        for (index, line) in lines.iter().enumerate() {
            let name = format!("{index}.wav");
            project.wav(&format!("sounds/voices/me/{name}"), 160 * line.len());
            voice += &format!("[[clip]]\ntext = \"{line}\"\nfile = \"{name}\"\n");
        }
        project
            .file("sounds/voices/me/voice.toml", &voice)
            .file("nidra.toml", "voice = \"me\"\nrate = 8000\n")
    }

    /// A file of the project.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.bytes(path, text.as_bytes());
        self
    }

    pub(crate) fn bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// A clip at the rate of the project, so that no resampler has a part in the goldens.
    fn wav(&self, path: &str, frames: usize) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut wav = hound::WavWriter::create(&path, spec).unwrap();
        (0..frames).for_each(|i| wav.write_sample((i % 50) as i16 * 200 - 5000).unwrap());
        wav.finalize().unwrap();
        // As if it were not of today: a file that was saved just now is read by every run.
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs `nidra` in the project.
    pub(crate) fn run(&self, arguments: &[&str]) -> RunOutput {
        self.run_with_input(arguments, "")
    }

    /// Runs `nidra` with this on stdin.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> RunOutput {
        let stdin = self.path(".stdin");
        fs::write(&stdin, input).unwrap();
        let run =
            nidra(self.folder.path()).args(arguments).stdin(fs::File::open(stdin).unwrap()).output().unwrap();
        RunOutput {
            code: run.status.code().unwrap_or(-1),
            stdout: run.stdout,
            stderr: String::from_utf8(run.stderr).unwrap(),
        }
    }

    /// Everything below a folder, as paths from the root.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![self.path(folder)];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    open.push(entry.path());
                } else {
                    let path = entry.path();
                    found.push(path.strip_prefix(self.folder.path()).unwrap().to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        found
    }
}

impl RunOutput {
    #[track_caller]
    pub(crate) fn expect(self, code: i32, stderr_has: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        for part in stderr_has {
            assert!(self.stderr.contains(part), "`{part}` is not in:\n{}", self.stderr);
        }
        // Off a terminal: no colour, no carriage return.
        assert!(!self.stderr.contains(['\r', '\x1b']), "{:?}", self.stderr);
        self
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap()
    }
}

/// The program, in a folder, with nothing of the environment that would change what it prints.
pub(crate) fn nidra(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nidra"));
    command.current_dir(folder).env_remove("NO_COLOR").stdin(Stdio::null());
    // The tests may be a job of such a scheduler themselves.
    for scheduler in ["SLURM_ARRAY_TASK_", "AWS_BATCH_JOB_ARRAY_", "BATCH_TASK_", "CLOUD_RUN_TASK_"] {
        for what in ["ID", "INDEX", "COUNT", "SIZE", "MIN", "MAX", "STEP"] {
            command.env_remove(format!("{scheduler}{what}"));
        }
    }
    command.env_remove("JOB_COMPLETION_INDEX").env_remove("NIDRA_SHARDS");
    command
}
