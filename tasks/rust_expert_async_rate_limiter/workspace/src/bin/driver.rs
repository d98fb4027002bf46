//! Plays the scenario named by the first argument and prints what it saw as a JSON list of strings.

use async_rate_limiter::{Acquire, Clock, RateLimiter};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::io::Read;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

type Notes = Vec<String>;

#[derive(Default)]
struct FakeClock(Mutex<Duration>);

impl FakeClock {
    fn set(&self, time: Duration) {
        *self.0.lock().expect("a clock") = time;
    }

    fn advance(&self, millis: u64) {
        *self.0.lock().expect("a clock") += Duration::from_millis(millis);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        *self.0.lock().expect("a clock")
    }
}

fn limiter(burst: u32, period_millis: u64) -> (RateLimiter, Arc<FakeClock>) {
    let clock = Arc::new(FakeClock::default());
    let limiter = RateLimiter::new(burst, Duration::from_millis(period_millis), Arc::clone(&clock) as Arc<dyn Clock>);
    (limiter, clock)
}

#[derive(Default)]
struct Counter(AtomicUsize);

impl Counter {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn poll(future: &mut Acquire, waker: Waker) -> String {
    format!("{:?}", Pin::new(future).poll(&mut Context::from_waker(&waker)))
}

/// What the commands of a script act on; futures and wakers have names.
struct Stage {
    limiter: RateLimiter,
    clock: Arc<FakeClock>,
    futures: BTreeMap<String, Acquire>,
    wakers: BTreeMap<String, Arc<Counter>>,
}

impl Stage {
    fn new(burst: u32, period_millis: u64) -> Self {
        let (limiter, clock) = limiter(burst, period_millis);
        Self { limiter, clock, futures: BTreeMap::new(), wakers: BTreeMap::new() }
    }

    fn waker(&mut self, name: &str) -> &Arc<Counter> {
        self.wakers.entry(name.to_owned()).or_default()
    }

    fn poll(&mut self, name: &str, waker: &str) -> String {
        let waker = Waker::from(Arc::clone(self.waker(waker)));
        poll(self.futures.get_mut(name).expect("a future of that name"), waker)
    }

    /// One command; what it does not observe is an empty string.
    fn play(&mut self, command: &str) -> String {
        match *command.split(' ').collect::<Vec<_>>() {
            ["limiter", burst, period] => *self = Self::new(number(burst), number(period).into()),
            ["at", millis] => self.clock.set(Duration::from_millis(number(millis).into())),
            ["tick"] => self.limiter.tick(),
            ["close"] => self.limiter.close(),
            ["acquire", name, permits] => {
                let future = self.limiter.acquire(number(permits));
                self.futures.insert(name.to_owned(), future);
            }
            ["drop", name] => drop(self.futures.remove(name)),
            ["poll", name] => return self.poll(name, name),
            ["poll", name, "with", waker] => return self.poll(name, waker),
            ["wakes", name] => return self.waker(name).count().to_string(),
            ["try", permits] => return format!("{:?}", self.limiter.try_acquire(number(permits))),
            ["available"] => return self.limiter.available().to_string(),
            ["next"] => return format!("{:?}", self.limiter.next_wakeup()),
            _ => panic!("unknown command: {command}"),
        }
        String::new()
    }
}

fn number(word: &str) -> u32 {
    word.parse().expect("a number")
}

fn script(input: &str) -> Notes {
    let mut stage = Stage::new(1, 1);
    input.lines().map(|command| stage.play(command)).collect()
}

/// A waker that asks the limiter how things stand.
struct Curious(RateLimiter, Mutex<Notes>);

impl Wake for Curious {
    fn wake(self: Arc<Self>) {
        let Self(limiter, notes) = &*self;
        limiter.tick();
        let seen = format!("{} {:?} {:?}", limiter.available(), limiter.try_acquire(1), limiter.next_wakeup());
        notes.lock().expect("notes").push(seen);
    }
}

fn calls_back_from_wakers() -> Notes {
    let (limiter, clock) = limiter(1, 100);
    let curious = Arc::new(Curious(limiter.clone(), Mutex::default()));
    let waker = || Waker::from(Arc::clone(&curious));
    let _ = limiter.try_acquire(1);
    let mut futures: Vec<_> = (0..4).map(|_| limiter.acquire(1)).collect();
    for future in &mut futures {
        poll(future, waker());
    }
    clock.advance(100);
    limiter.tick();
    clock.advance(100);
    let _ = limiter.try_acquire(1);
    drop(futures.remove(1));
    limiter.close();
    let notes = curious.1.lock().expect("notes").clone();
    notes
}

/// A waker that owns a request of its own, as a task owns the futures that it awaits.
struct Owner(#[allow(dead_code)] Mutex<Acquire>);

impl Wake for Owner {
    fn wake(self: Arc<Self>) {}
}

fn drops_wakers_that_own_requests() -> Notes {
    let (limiter, clock) = limiter(1, 100);
    let owner = || {
        let mut owned = limiter.acquire(1);
        poll(&mut owned, Waker::from(Arc::new(Counter::default())));
        Waker::from(Arc::new(Owner(Mutex::new(owned))))
    };
    let plain = || Waker::from(Arc::new(Counter::default()));
    let _ = limiter.try_acquire(1);
    let mut notes = Notes::new();
    let mut replaced = limiter.acquire(1);
    notes.push(poll(&mut replaced, owner()));
    notes.push(poll(&mut replaced, plain()));
    let mut dropped = limiter.acquire(1);
    notes.push(poll(&mut dropped, owner()));
    drop(dropped);
    let mut woken = limiter.acquire(1);
    notes.push(poll(&mut woken, owner()));
    clock.advance(300);
    limiter.tick();
    notes.push(format!("{:?}", limiter.try_acquire(1)));
    let mut closed = limiter.acquire(1);
    notes.push(poll(&mut closed, owner()));
    limiter.close();
    for future in [&mut replaced, &mut woken, &mut closed] {
        notes.push(poll(future, plain()));
    }
    notes
}

/// Puts its task back in line; a task that is not woken is never polled again.
struct TaskWaker(usize, Arc<Mutex<VecDeque<usize>>>);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.1.lock().expect("a queue").push_back(self.0);
    }
}

/// Runs tasks to their end and moves the clock only when none can go on.
fn execute(limiter: &RateLimiter, clock: &FakeClock, tasks: Vec<Pin<Box<dyn Future<Output = ()>>>>) -> usize {
    let ready: Arc<Mutex<VecDeque<usize>>> = Arc::new(Mutex::new((0..tasks.len()).collect()));
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    let mut polls = 0;
    loop {
        let next = ready.lock().expect("a queue").pop_front();
        let Some(number) = next else {
            let Some(time) = limiter.next_wakeup() else { return polls };
            clock.set(time);
            limiter.tick();
            continue;
        };
        let Some(task) = &mut tasks[number] else { continue };
        polls += 1;
        let waker = Waker::from(Arc::new(TaskWaker(number, Arc::clone(&ready))));
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            tasks[number] = None;
        }
    }
}

fn runs_tasks() -> Notes {
    let (limiter, clock) = limiter(3, 100);
    let notes = Rc::new(RefCell::new(Notes::new()));
    let task = |name: &'static str, requests: &'static [u32]| {
        let (limiter, clock, notes) = (limiter.clone(), Arc::clone(&clock), Rc::clone(&notes));
        let work = async move {
            for &permits in requests {
                let outcome = limiter.acquire(permits).await;
                notes.borrow_mut().push(format!("{} {name} {permits} {outcome:?}", clock.now().as_millis()));
            }
        };
        Box::pin(work) as Pin<Box<dyn Future<Output = ()>>>
    };
    let tasks = vec![task("a", &[2, 3, 1]), task("b", &[1, 1, 1, 1]), task("c", &[3, 4, 1])];
    let polls = execute(&limiter, &clock, tasks);
    let mut notes = notes.take();
    notes.push(format!("polls {polls}"));
    notes
}

struct Unpark(thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on(mut future: Acquire) -> bool {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match Pin::new(&mut future).poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(outcome) => return outcome.is_ok(),
            Poll::Pending => thread::park(),
        }
    }
}

fn shares_between_threads() -> Notes {
    let (limiter, clock) = limiter(1_000, 100);
    let greedy: Vec<_> = (0..4)
        .map(|_| limiter.clone())
        .map(|limiter| thread::spawn(move || (0..600).filter(|_| limiter.try_acquire(1) == Ok(true)).count()))
        .collect();
    let taken: usize = greedy.into_iter().map(|thread| thread.join().expect("no panic")).sum();
    let patient: Vec<_> =
        (1..=4).map(|permits| limiter.acquire(permits)).map(|future| thread::spawn(move || block_on(future))).collect();
    while !patient.iter().all(thread::JoinHandle::is_finished) {
        clock.advance(100);
        limiter.tick();
        thread::yield_now();
    }
    let served = patient.into_iter().filter_map(|thread| thread.join().ok()).filter(|&granted| granted).count();
    vec![format!("taken {taken}"), format!("served {served}"), format!("next {:?}", limiter.next_wakeup())]
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
        "script" => script(&input),
        "calls_back_from_wakers" => calls_back_from_wakers(),
        "drops_wakers_that_own_requests" => drops_wakers_that_own_requests(),
        "runs_tasks" => runs_tasks(),
        "shares_between_threads" => shares_between_threads(),
        _ => panic!("unknown scenario: {scenario}"),
    };
    // The line break ends whatever the code under test may have printed.
    println!("\n{}", json(&notes));
}
