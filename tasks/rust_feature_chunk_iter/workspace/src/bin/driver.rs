//! Plays the scenario named by the first argument and prints what it saw as a JSON list of strings.

use chunk_iter::{ChunkExt, Chunked};
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::io::Read;
use std::iter::{self, FusedIterator};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

type Notes = Vec<String>;

fn seen(what: &str, value: impl Debug) -> String {
    format!("{what}: {value:?}")
}

/// A source that writes down how it is asked; after each `None` it goes on with its next part.
#[derive(Clone)]
struct Spy {
    parts: Vec<Vec<u32>>,
    asked: Rc<RefCell<String>>,
}

impl Spy {
    fn new(parts: &[&[u32]]) -> Self {
        Self { parts: parts.iter().map(|part| part.to_vec()).collect(), asked: Rc::default() }
    }

    fn pull(&mut self, letter: char, take: impl FnOnce(&mut Vec<u32>) -> u32) -> Option<u32> {
        self.asked.borrow_mut().push(letter);
        match self.parts.first_mut() {
            Some(part) if !part.is_empty() => Some(take(part)),
            Some(_) => {
                self.parts.remove(0);
                None
            }
            None => None,
        }
    }
}

impl Iterator for Spy {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.pull('f', |part| part.remove(0))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.parts.first().map_or(0, Vec::len);
        (left, Some(left))
    }
}

impl DoubleEndedIterator for Spy {
    fn next_back(&mut self) -> Option<u32> {
        self.pull('b', |part| part.pop().expect("the part is not empty"))
    }
}

impl ExactSizeIterator for Spy {}

/// A source with a hint of its own choice.
struct Claiming(iter::Take<iter::Repeat<u8>>, (usize, Option<usize>));

impl Iterator for Claiming {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.1
    }
}

fn claiming(least: usize, most: Option<usize>) -> Claiming {
    Claiming(iter::repeat(7).take(5), (least, most))
}

fn forwards() -> Notes {
    let words = ["to", "be", "or", "not"];
    vec![
        seen("six by two", (1..=6).chunked(2).take(9).collect::<Vec<_>>()),
        seen("six by one", (1..=6).chunked(1).take(9).collect::<Vec<_>>()),
        seen("strings", words.iter().map(|word| word.to_string()).chunked(2).take(9).collect::<Vec<_>>()),
        seen("endless", iter::repeat('x').chunked(3).take(2).collect::<Vec<_>>()),
    ]
}

fn short_last() -> Notes {
    vec![
        seen("seven by three", (1..=7).chunked(3).take(9).collect::<Vec<_>>()),
        seen("two by five", (1..=2).chunked(5).take(9).collect::<Vec<_>>()),
        seen("none by five", (1..1).chunked(5).take(9).collect::<Vec<_>>()),
        seen("by the largest", (1..=4).chunked(usize::MAX).take(9).collect::<Vec<_>>()),
    ]
}

fn zero() -> Notes {
    let spy = Spy::new(&[&[1, 2]]);
    let asked = Rc::clone(&spy.asked);
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(spy.chunked(0))));
    let message = match outcome {
        Ok(()) => "no panic".to_owned(),
        Err(payload) => payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default(),
    };
    vec![message, seen("asked", asked.borrow())]
}

fn lazy() -> Notes {
    let spy = Spy::new(&[&[1, 2, 3, 4, 5, 6, 7, 8]]);
    let asked = Rc::clone(&spy.asked);
    let since_last = || seen("asked", std::mem::take(&mut *asked.borrow_mut()));
    let mut chunks = spy.chunked(3);
    let mut notes = vec![seen("hint", chunks.size_hint()), since_last()];
    notes.extend([seen("front", chunks.next()), since_last()]);
    notes.extend([seen("back", chunks.next_back()), since_last()]);
    notes.extend([seen("back", chunks.next_back()), since_last()]);
    notes
}

fn after_the_end() -> Notes {
    let spy = Spy::new(&[&[1, 2, 3], &[4, 5, 6], &[7]]);
    let asked = Rc::clone(&spy.asked);
    let mut chunks = spy.chunked(2);
    let mut notes = vec![seen("front", chunks.next()), seen("front", chunks.next()), seen("hint", chunks.size_hint())];
    notes.extend([seen("front", chunks.next()), seen("back", chunks.next_back()), seen("len", chunks.len())]);
    notes.extend([seen("front", chunks.next()), seen("asked", asked.borrow())]);
    let spy = Spy::new(&[&[1, 2], &[3, 4], &[5]]);
    let asked = Rc::clone(&spy.asked);
    let mut chunks = spy.chunked(2);
    let ends = [chunks.next(), chunks.next(), chunks.next(), chunks.next_back(), chunks.next()];
    notes.extend([seen("even", ends), seen("hint", chunks.size_hint()), seen("asked", asked.borrow())]);
    notes
}

fn fused<I: FusedIterator>(iterator: I) -> I {
    iterator
}

fn hints() -> Notes {
    let mut seven = fused((1..=7).chunked(3));
    let mut notes = Notes::new();
    for _ in 0..5 {
        notes.push(seen("seven by three", seven.size_hint()));
        let _ = seven.next();
    }
    notes.extend([
        seen("filtered", (1..=7).filter(|number| number % 2 == 0).chunked(3).size_hint()),
        seen("endless", iter::repeat(1).chunked(2).size_hint()),
        seen("unknown", iter::from_fn(|| Some(1)).chunked(2).size_hint()),
        seen("some", claiming(4, Some(9)).chunked(4).size_hint()),
        seen("at least", claiming(5, None).chunked(4).size_hint()),
    ]);
    notes
}

fn huge_hints() -> Notes {
    const MOST: usize = usize::MAX;
    vec![
        seen("by one", claiming(MOST, Some(MOST)).chunked(1).size_hint() == (MOST, Some(MOST))),
        seen("by two", claiming(MOST, Some(MOST)).chunked(2).size_hint() == (MOST / 2 + 1, Some(MOST / 2 + 1))),
        seen("by the largest", claiming(MOST, Some(MOST)).chunked(MOST).size_hint()),
        seen("one less by the largest", claiming(MOST - 1, None).chunked(MOST).size_hint()),
        seen("one by the largest", claiming(1, Some(1)).chunked(MOST).size_hint()),
        seen("none by the largest", claiming(0, Some(0)).chunked(MOST).size_hint()),
    ]
}

fn lengths() -> Notes {
    let of = |items: u32, size| (0..items).collect::<Vec<_>>().into_iter().chunked(size).len();
    let mut chunks = [1, 2, 3, 4, 5, 6, 7].iter().chunked(2);
    let mut steps = vec![chunks.len()];
    let _ = chunks.next_back();
    steps.push(chunks.len());
    let _ = chunks.next();
    steps.push(chunks.len());
    let _ = chunks.next_back();
    steps.push(chunks.len());
    let _ = chunks.next();
    steps.push(chunks.len());
    vec![seen("lengths", [of(0, 3), of(1, 3), of(3, 3), of(4, 3), of(9, 3)]), seen("steps", steps)]
}

fn backwards() -> Notes {
    let reversed = |items: u32, size| (0..items).collect::<Vec<_>>().into_iter().chunked(size).rev().take(9).collect();
    let by_three: Vec<Vec<u32>> = reversed(8, 3);
    let even: Vec<Vec<u32>> = reversed(6, 3);
    let one: Vec<Vec<u32>> = reversed(2, 3);
    let none: Vec<Vec<u32>> = reversed(0, 3);
    vec![seen("eight", by_three), seen("six", even), seen("two", one), seen("none", none)]
}

/// One line for each mixture: `7 3 fbbf` asks a source of 7 items, cut by 3, at the ends that the letters name.
fn mixtures(script: &str) -> Notes {
    script.lines().map(mixture).collect()
}

fn mixture(line: &str) -> String {
    let [items, size, ends] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("items, size, ends") };
    let source: Vec<u32> = (0..items.parse().expect("a number")).collect();
    let mut chunks = source.into_iter().chunked(size.parse().expect("a number"));
    let got: Vec<_> = ends.chars().map(|end| if end == 'f' { chunks.next() } else { chunks.next_back() }).collect();
    format!("{got:?}")
}

fn memory() -> Notes {
    let greedy = claiming(usize::MAX, None).chunked(usize::MAX).take(3).collect::<Vec<_>>();
    let small = claiming(usize::MAX, Some(usize::MAX)).chunked(3).take(9).collect::<Vec<_>>();
    let modest = claiming(0, None).chunked(1 << 60).take(9).collect::<Vec<_>>();
    vec![seen("greedy", greedy), seen("small", small), seen("modest", modest)]
}

fn rest() -> Notes {
    let mut chunks = (1..=9).chunked(2);
    let taken = (chunks.next(), chunks.next());
    let mut source = 1..=9;
    let borrowed: Vec<_> = source.by_ref().chunked(4).take(1).collect();
    let mut both = (1..=9).collect::<Vec<_>>().into_iter().chunked(2);
    let ends = (both.next(), both.next_back());
    vec![
        seen("taken", taken),
        seen("rest", chunks.into_inner().collect::<Vec<_>>()),
        seen("borrowed", borrowed),
        seen("rest", source.collect::<Vec<_>>()),
        seen("ends", ends),
        seen("rest", both.into_inner().collect::<Vec<_>>()),
    ]
}

fn clones() -> Notes {
    let mut first: Chunked<_> = (1..=5).chunked(2);
    let _ = first.next();
    let mut second = first.clone();
    let _ = second.next();
    let mut ended = first.clone();
    let drained = ended.by_ref().take(9).count();
    vec![
        seen("second", second.take(9).collect::<Vec<_>>()),
        seen("first", first.take(9).collect::<Vec<_>>()),
        seen("drained", drained),
        seen("clone of the ended", ended.clone().next()),
    ]
}

/// The `n`th items and the last one come from the same chunks as those that `next` gives.
fn skipping() -> Notes {
    let dropped = Cell::new(0);
    let counted = (1..=20).inspect(|_| dropped.set(dropped.get() + 1));
    let mut chunks = counted.chunked(3);
    vec![
        seen("nth", chunks.nth(1)),
        seen("pulled", dropped.get()),
        seen("skip", chunks.by_ref().step_by(2).take(2).collect::<Vec<_>>()),
        seen("last", chunks.last()),
        seen("count", (1..=20).chunked(3).count()),
    ]
}

fn json(notes: &[String]) -> String {
    let quoted: Vec<String> = notes.iter().map(|note| quote(note)).collect();
    format!("[{}]", quoted.join(","))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\0'..='\x1f' => quoted.push_str(&format!("\\u{:04x}", letter as u32)),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

fn main() {
    let scenario = std::env::args().nth(1).expect("the name of a scenario");
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("the input is text");
    let notes = match scenario.as_str() {
        "forwards" => forwards(),
        "short_last" => short_last(),
        "zero" => zero(),
        "lazy" => lazy(),
        "after_the_end" => after_the_end(),
        "hints" => hints(),
        "huge_hints" => huge_hints(),
        "lengths" => lengths(),
        "backwards" => backwards(),
        "mixtures" => mixtures(&input),
        "memory" => memory(),
        "rest" => rest(),
        "clones" => clones(),
        "skipping" => skipping(),
        _ => panic!("unknown scenario: {scenario}"),
    };
    // The line break ends whatever the code under test may have printed.
    println!("\n{}", json(&notes));
}
