//! Starts the driver behind the candidate's sandbox and brings back what it observed.

use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const DRIVER: &str = env!("CARGO_BIN_EXE_driver");
const DEADLINE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(2);

/// Plays one scenario in a process of its own and returns the lines that it noted.
pub fn observe(scenario: &str, input: &str) -> Vec<String> {
    refuse_foreign_sources();
    hide_this_program();
    let mut child = start(scenario);
    feed(&mut child, input.to_owned());
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let status = wait(&mut child, Instant::now() + DEADLINE);
    let printed = stdout.recv_timeout(DEADLINE).unwrap_or_default();
    let complaint = stderr.recv_timeout(DEADLINE).unwrap_or_default();
    // Debug formatting keeps a hostile line break from looking like a line of the test report.
    match status {
        None => panic!("{scenario}: no answer within {DEADLINE:?}"),
        Some(end) if !end.success() => panic!("{scenario}: the driver ended with {end}: {:?}", tail(&complaint)),
        Some(_) => {}
    }
    let answer = printed.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    string_list(answer).unwrap_or_else(|| panic!("{scenario}: no JSON list of strings: {:?}", tail(answer)))
}

fn start(scenario: &str) -> Child {
    let prefix = shell_words(&env::var("BENCHGEN_CANDIDATE").unwrap_or_default());
    let mut words = prefix.into_iter().chain([DRIVER.to_owned(), scenario.to_owned()]);
    let program = words.next().expect("the driver is always a word");
    Command::new(&program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {program}: {error}"))
}

fn feed(child: &mut Child, input: String) {
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A child that does not read closes the pipe early; its answer is judged all the same.
    thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let mut pipe = pipe.expect("the pipe was asked for").take(8 << 20);
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        sender.send(String::from_utf8_lossy(&bytes).into_owned())
    });
    receiver
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            return Some(status);
        }
        thread::sleep(POLL);
    }
    child.kill().expect("the child can be killed");
    child.wait().expect("the killed child can be waited for");
    None
}

/// A candidate that includes the judge's text in its own could recite the answers, so `src` is all it may be made of.
fn refuse_foreign_sources() {
    let program = env::current_exe().expect("a running program has a path");
    let folder = program.parent().expect("a program lies in a folder");
    let listings =
        fs::read_dir(folder).expect("cargo's folder can be read").map(|entry| entry.expect("an entry").path());
    let mut sources = listings.filter(|path| lists_the_library(path)).flat_map(|path| sources_in(&path)).peekable();
    assert!(sources.peek().is_some(), "cargo has not listed the library's sources");
    for source in sources {
        let at_home = source == "Cargo.toml" || source.starts_with("src/") && !source.contains("..");
        assert!(at_home, "the library includes a file outside src: {source:?}");
    }
}

fn lists_the_library(path: &Path) -> bool {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|end| end == "d") && name.starts_with(concat!(env!("CARGO_PKG_NAME"), "-"))
}

fn sources_in(listing: &Path) -> Vec<String> {
    let text = fs::read_to_string(listing).expect("cargo's listing can be read");
    text.lines().filter_map(|line| line.strip_suffix(':')).map(str::to_owned).collect()
}

/// The answers stand in this program as well; a candidate in its sandbox cannot undo this.
fn hide_this_program() {
    let program = env::current_exe().expect("a running program has a path");
    fs::set_permissions(program, fs::Permissions::from_mode(0o311)).expect("the program is ours");
}

fn shell_words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_with(String::new);
            }
            (None, _) if letter.is_whitespace() => words.extend(word.take()),
            (None | Some('"'), '\\') => word.get_or_insert_with(String::new).extend(letters.next()),
            _ => word.get_or_insert_with(String::new).push(letter),
        }
    }
    words.extend(word);
    words
}

fn string_list(text: &str) -> Option<Vec<String>> {
    let mut letters = text.trim().strip_prefix('[')?.strip_suffix(']')?.chars();
    let mut list = Vec::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => list.push(string(&mut letters)?),
            ',' => {}
            _ => return None,
        }
    }
    Some(list)
}

fn string(letters: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(text),
            '\\' => match letters.next()? {
                'u' => {
                    let code: String = letters.take(4).collect();
                    text.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
                }
                letter => text.push(letter),
            },
            letter => text.push(letter),
        }
    }
}

fn tail(text: &str) -> String {
    let skipped = text.trim_end().chars().count().saturating_sub(600);
    text.trim_end().chars().skip(skipped).collect()
}
