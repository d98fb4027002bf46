//! Plays the scenario named by the first argument and prints what it saw as a JSON list of strings.

use lru_cache::{Clock, LruCache, TooHeavy};
use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::io::Read;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::time::Duration;

const FOREVER: Duration = Duration::MAX;

#[derive(Clone, Default)]
struct FakeClock(Rc<Cell<Duration>>);

impl FakeClock {
    fn set(&self, millis: u64) {
        self.0.set(Duration::from_millis(millis));
    }

    fn advance(&self, millis: u64) {
        self.0.set(self.0.get() + Duration::from_millis(millis));
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.0.get()
    }
}

/// A value that writes its name down when it is dropped.
struct Tracked(&'static str, Rc<RefCell<Vec<&'static str>>>);

impl Drop for Tracked {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

impl Debug for Tracked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0)
    }
}

type Notes = Vec<String>;
type Cache<V> = LruCache<&'static str, V, FakeClock>;

fn cache<V>(max_weight: u64, ttl_millis: u64) -> (Cache<V>, FakeClock) {
    let clock = FakeClock::default();
    (LruCache::new(max_weight, Duration::from_millis(ttl_millis), clock.clone()), clock)
}

fn eternal<V>(max_weight: u64) -> Cache<V> {
    LruCache::new(max_weight, FOREVER, FakeClock::default())
}

fn seen(what: &str, value: impl Debug) -> String {
    format!("{what}: {value:?}")
}

fn order<V>(cache: &Cache<V>) -> String {
    seen("order", cache.iter().map(|(key, _)| *key).collect::<Vec<_>>())
}

fn basics() -> Notes {
    let mut cache = eternal(10);
    vec![
        seen("is_empty", cache.is_empty()),
        seen("insert a", cache.insert("a", 1, 2)),
        seen("insert b", cache.insert("b", 2, 3)),
        seen("insert a again", cache.insert("a", 3, 4)),
        seen("get a", cache.get(&"a")),
        seen("get z", cache.get(&"z")),
        seen("remove b", cache.remove(&"b")),
        seen("remove b again", cache.remove(&"b")),
        seen("len", cache.len()),
        seen("weight", cache.weight()),
        seen("is_empty", cache.is_empty()),
    ]
}

fn eviction() -> Notes {
    let mut cache = eternal(10);
    for (key, weight) in [("a", 4), ("b", 1), ("c", 2), ("d", 3)] {
        let _ = cache.insert(key, (), weight);
    }
    let full = order(&cache);
    let _ = cache.insert("e", (), 5);
    let after = [order(&cache), seen("weight", cache.weight())];
    let _ = cache.insert("none", (), 0);
    let weightless = [order(&cache), seen("weight", cache.weight())];
    let _ = cache.insert("all", (), 10);
    [vec![full], after.into(), weightless.into(), vec![order(&cache), seen("len", cache.len())]].concat()
}

fn recency() -> Notes {
    let mut cache = eternal(3);
    for key in ["a", "b", "c"] {
        let _ = cache.insert(key, key, 1);
    }
    let mut notes = vec![seen("peek a", cache.peek(&"a")), order(&cache)];
    notes.extend([seen("get b", cache.get(&"b")), order(&cache)]);
    let _ = cache.insert("d", "d", 1);
    notes.extend([seen("peek a", cache.peek(&"a")), order(&cache)]);
    notes.extend([seen("insert c", cache.insert("c", "C", 1)), order(&cache)]);
    notes
}

fn replacement() -> Notes {
    let mut cache = eternal(10);
    for (key, weight) in [("a", 3), ("b", 6)] {
        let _ = cache.insert(key, 1, weight);
    }
    vec![
        seen("insert b", cache.insert("b", 2, 7)),
        order(&cache),
        seen("insert a", cache.insert("a", 3, 1)),
        seen("weight", cache.weight()),
        seen("insert b", cache.insert("b", 4, 10)),
        order(&cache),
    ]
}

fn too_heavy() -> Notes {
    let mut cache = eternal(10);
    for (key, weight) in [("a", 3), ("b", 6)] {
        let _ = cache.insert(key, 1, weight);
    }
    vec![
        seen("insert a", cache.insert("a", 2, 11)),
        seen("insert c", cache.insert("c", 3, u64::MAX)),
        seen("make c", cache.get_or_insert_with("c", || (4, 11))),
        seen("peek a", cache.peek(&"a")),
        seen("weight", cache.weight()),
        order(&cache),
    ]
}

fn huge_weights() -> Notes {
    let mut cache = eternal(u64::MAX);
    let _ = cache.insert("a", 1, 1);
    let _ = cache.insert("b", 2, u64::MAX - 1);
    let mut notes = vec![order(&cache), seen("weight", cache.weight())];
    let _ = cache.insert("c", 3, u64::MAX - 1);
    notes.extend([order(&cache), seen("weight", cache.weight())]);
    let _ = cache.insert("d", 4, u64::MAX);
    notes.extend([order(&cache), seen("weight", cache.weight())]);
    notes
}

fn expiry() -> Notes {
    let (mut cache, clock) = cache(10, 100);
    clock.set(50);
    let _ = cache.insert("a", 1, 1);
    clock.set(149);
    let mut notes = vec![seen("149 get a", cache.get(&"a")), seen("149 peek a", cache.peek(&"a"))];
    clock.set(150);
    notes.extend([seen("150 peek a", cache.peek(&"a")), order(&cache)]);
    notes.extend([seen("150 insert a", cache.insert("a", 2, 1)), seen("150 get a", cache.get(&"a"))]);
    clock.set(200);
    notes.push(seen("200 insert a", cache.insert("a", 3, 1)));
    clock.set(299);
    notes.push(seen("299 remove a", cache.remove(&"a")));
    let _ = cache.insert("a", 4, 1);
    clock.set(399);
    notes.extend([seen("399 remove a", cache.remove(&"a")), seen("399 len", cache.len())]);
    notes
}

fn never() -> Notes {
    let clock = FakeClock::default();
    let mut cache: Cache<u8> = LruCache::new(10, FOREVER, clock.clone());
    clock.set(1);
    let _ = cache.insert("a", 1, 1);
    clock.set(u64::MAX);
    vec![seen("get a", cache.get(&"a")), seen("len", cache.len()), order(&cache)]
}

fn expired_room() -> Notes {
    let (mut cache, clock) = cache(3, 100);
    let _ = cache.insert("old", 1, 1);
    clock.set(40);
    let _ = cache.insert("live", 2, 1);
    let _ = cache.insert("late", 3, 1);
    let _ = cache.get(&"old");
    clock.set(100);
    let _ = cache.insert("new", 4, 1);
    let mut notes = vec![order(&cache), seen("weight", cache.weight())];
    clock.set(140);
    notes.extend([seen("weight", cache.weight()), seen("len", cache.len()), order(&cache)]);
    notes
}

fn both_ends() -> Notes {
    let (mut cache, clock) = cache(10, 100);
    for (millis, key) in [(0, "a"), (10, "b"), (20, "c"), (30, "d"), (40, "e")] {
        clock.set(millis);
        let _ = cache.insert(key, millis, 1);
    }
    let _ = cache.get(&"a");
    let mut notes = vec![order(&cache)];
    notes.push(seen("reversed", cache.iter().rev().collect::<Vec<_>>()));
    clock.set(110);
    let mut ends = cache.iter();
    notes.push(seen("front", ends.next()));
    notes.push(seen("back", ends.next_back()));
    notes.push(seen("back", ends.next_back()));
    notes.push(seen("front", ends.next()));
    notes.push(seen("back", ends.next_back()));
    notes
}

fn make_on_a_miss() -> Notes {
    let (mut cache, clock) = cache(2, 100);
    let calls = Cell::new(0);
    let mut make = |key, value, millis| {
        let made = cache.get_or_insert_with(key, || {
            calls.set(calls.get() + 1);
            clock.advance(millis);
            (value, 1)
        });
        let made = seen(key, made);
        format!("{made} {} calls {}", order(&cache), calls.get())
    };
    let mut notes = vec![make("a", 1, 60), make("b", 2, 30), make("a", 3, 0)];
    clock.set(159);
    notes.push(seen("159 peek a", cache.peek(&"a")));
    clock.set(160);
    notes.push(seen("160 peek a", cache.peek(&"a")));
    notes.push(seen("160 get b", cache.get(&"b")));
    notes
}

fn slow_make() -> Notes {
    let (mut cache, clock) = cache(2, 100);
    let _ = cache.insert("old", 1, 1);
    clock.set(50);
    let _ = cache.insert("live", 2, 1);
    let _ = cache.get(&"old");
    let made = cache.get_or_insert_with("new", || {
        clock.advance(50);
        (3, 1)
    });
    vec![seen("made", made), order(&cache)]
}

fn panicking_make() -> Notes {
    let log = Rc::default();
    let mut cache = eternal(3);
    for name in ["a", "b", "c"] {
        let _ = cache.insert(name, Tracked(name, Rc::clone(&log)), 1);
    }
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _ = cache.get_or_insert_with("d", || panic!("no value today"));
    }));
    let mut notes = vec![seen("panicked", outcome.is_err()), order(&cache)];
    notes.extend([seen("len", cache.len()), seen("weight", cache.weight())]);
    notes.extend([seen("get d", cache.get(&"d")), seen("dropped", log.borrow())]);
    notes.push(seen("make d", cache.get_or_insert_with("d", || (Tracked("d", Rc::clone(&log)), 1))));
    notes.extend([order(&cache), seen("dropped", log.borrow())]);
    notes
}

fn drops() -> Notes {
    let log: Rc<RefCell<Vec<&'static str>>> = Rc::default();
    let tracked = |name| Tracked(name, Rc::clone(&log));
    let (mut cache, clock) = cache(3, 100);
    let dropped = |after: &str| seen(after, log.borrow_mut().drain(..).collect::<Vec<_>>());
    let mut notes = Notes::new();
    for name in ["a", "b", "c", "d"] {
        let _ = cache.insert(name, tracked(name), 1);
    }
    notes.push(dropped("evicted"));
    let old = cache.insert("b", tracked("b2"), 1);
    notes.push(dropped("replaced"));
    drop(old);
    notes.push(dropped("the old value let go"));
    drop(cache.remove(&"c"));
    notes.push(dropped("removed"));
    clock.set(50);
    let refused = cache.insert("e", tracked("e"), 4);
    notes.push(dropped("refused"));
    if let Err(TooHeavy(value)) = refused {
        drop(value);
    }
    notes.push(dropped("the refused value let go"));
    let _ = cache.insert("f", tracked("f"), 1);
    clock.set(100);
    let _ = cache.peek(&"b");
    notes.push(dropped("peeked at an expired one"));
    let _ = cache.len();
    log.borrow_mut().sort_unstable();
    notes.push(dropped("counted"));
    let _ = cache.insert("g", tracked("g"), 1);
    clock.set(150);
    let _ = cache.get(&"nothing");
    notes.push(dropped("looked for another"));
    drop(cache);
    notes.push(dropped("the cache dropped"));
    notes
}

fn many() -> Notes {
    const COUNT: u32 = 100_000;
    let clock = FakeClock::default();
    let mut cache = LruCache::new(u64::from(COUNT), Duration::from_millis(1_000), clock.clone());
    for key in 0..COUNT {
        let _ = cache.insert(key, key, 1);
    }
    clock.set(500);
    let hits = (0..COUNT).filter(|key| cache.get(key).is_some()).count();
    for key in COUNT..2 * COUNT {
        let _ = cache.insert(key, key, 1);
    }
    let mut notes = vec![seen("hits", hits), seen("len", cache.len())];
    for key in (COUNT..2 * COUNT).step_by(2) {
        let _ = cache.remove(&key);
    }
    notes.extend([seen("weight", cache.weight()), seen("last", cache.iter().next())]);
    clock.set(1_500);
    notes.extend([seen("left", cache.len()), seen("weight", cache.weight())]);
    notes
}

/// One operation a line, as the judge wrote them: `insert 3 17 2`, `get 3`, `advance 5`.
fn operations(script: &str) -> Notes {
    let clock = FakeClock::default();
    let mut cache = LruCache::new(20, Duration::from_millis(50), clock.clone());
    script.lines().map(|line| operation(&mut cache, &clock, line)).collect()
}

fn operation(cache: &mut LruCache<u64, u64, FakeClock>, clock: &FakeClock, line: &str) -> String {
    let mut words = line.split(' ');
    let verb = words.next().expect("a verb");
    let numbers: Vec<u64> = words.map(|word| word.parse().expect("a number")).collect();
    match (verb, numbers.as_slice()) {
        ("insert", &[key, value, weight]) => seen(verb, cache.insert(key, value, weight)),
        ("make", &[key, value, weight]) => seen(verb, cache.get_or_insert_with(key, || (value, weight))),
        ("get", [key]) => seen(verb, cache.get(key)),
        ("peek", [key]) => seen(verb, cache.peek(key)),
        ("remove", [key]) => seen(verb, cache.remove(key)),
        ("advance", &[millis]) => {
            clock.advance(millis);
            verb.to_owned()
        }
        ("entries", []) => seen(verb, cache.iter().collect::<Vec<_>>()),
        ("size", []) => seen(verb, (cache.len(), cache.weight())),
        _ => panic!("unknown operation: {line}"),
    }
}

fn play(scenario: &str, input: &str) -> Notes {
    match scenario {
        "basics" => basics(),
        "eviction" => eviction(),
        "recency" => recency(),
        "replacement" => replacement(),
        "too_heavy" => too_heavy(),
        "huge_weights" => huge_weights(),
        "expiry" => expiry(),
        "never" => never(),
        "expired_room" => expired_room(),
        "both_ends" => both_ends(),
        "make_on_a_miss" => make_on_a_miss(),
        "slow_make" => slow_make(),
        "panicking_make" => panicking_make(),
        "drops" => drops(),
        "many" => many(),
        "operations" => operations(input),
        _ => panic!("unknown scenario: {scenario}"),
    }
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
    // The line break ends whatever the code under test may have printed.
    println!("\n{}", json(&play(&scenario, &input)));
}
