#pragma once

#include <climits>
#include <memory>
#include <numeric>

#include "observe.hpp"

using json::object;
using json::of;
using pool::ThreadPool;

inline std::string results() {
    ThreadPool threads(1);
    Gate gate;
    auto busy = occupy(threads, gate);
    int number = 1;
    std::string text = "before";
    auto sum = threads.submit([](int a, int b) { return a + b; }, 2, 3);
    auto increment = threads.submit([](int& value) { ++value; }, std::ref(number));
    auto reference = threads.submit([&number]() -> int& { return number; });
    auto length = threads.submit(&std::string::size, std::string("four"));
    auto copied = threads.submit([](const std::string& value) { return value; }, text);
    text = "after";
    gate.open();
    increment.get();
    return object({{"sum", of(sum.get())}, {"number", of(number)}, {"same", of(&reference.get() == &number)},
                   {"length", of(length.get())}, {"copied", of(copied.get())},
                   {"no_threads", of(thrown([] { ThreadPool none(0); }))}});
}

inline std::string exceptions() {
    struct Problem {
        int code;
    };
    ThreadPool threads(1);
    auto broken = threads.submit([]() -> int { throw Problem{7}; });
    auto odd = start(threads, [] { throw 42; });
    auto works = threads.submit([] { return 1; });
    int code = 0, number = 0;
    try {
        broken.get();
    } catch (const Problem& problem) {
        code = problem.code;
    }
    try {
        odd.get();
    } catch (int value) {
        number = value;
    }
    auto outer = threads.submit([&threads] {
        auto inner = threads.submit([]() -> int { throw Problem{9}; });
        try {
            return threads.get(inner);
        } catch (const Problem& problem) {
            return problem.code;
        }
    });
    return object({{"code", of(code)}, {"number", of(number)}, {"works", of(works.get())}, {"nested", of(outer.get())}});
}

inline std::string move_only() {
    ThreadPool threads(2);
    auto captured = threads.submit([value = std::make_unique<int>(1)] { return *value; });
    auto passed = threads.submit([](std::unique_ptr<int> value) { return *value; }, std::make_unique<int>(2));
    auto returned = threads.submit_with(1, [] { return std::make_unique<int>(3); });
    return object({{"captured", of(captured.get())}, {"passed", of(passed.get())}, {"returned", of(*returned.get())}});
}

inline std::string priorities() {
    ThreadPool threads(1);
    Gate gate;
    auto busy = occupy(threads, gate);
    Journal order;
    const auto note = [&order](const char* label) { order.note(label); };
    threads.submit(note, "a");
    threads.submit_with(5, note, "b");
    threads.submit_with(5, note, "c");
    threads.submit_with(-1, note, "d");
    threads.submit(note, "e");
    threads.submit_with(INT_MIN, note, "f");
    threads.submit_with(INT_MAX, note, "g");
    const auto queued = threads.queued();
    gate.open();
    threads.wait_idle();
    return object({{"queued", of(queued)}, {"order", of(order.lines())}, {"left", of(threads.queued())}});
}

inline std::string all_threads() {
    ThreadPool threads(3);
    std::atomic<int> running = 0, most = 0, together = 0;
    std::vector<std::future<void>> tasks;
    for (int number = 0; number < 9; ++number) {
        tasks.push_back(start(threads, [&] {
            const int now = ++running;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            if (until([&] { return most >= 3; })) ++together;
            breathe();
            --running;
        }));
    }
    for (auto& task : tasks) task.get();
    return object({{"most", of(most.load())}, {"together", of(together.load())}});
}

inline int fibonacci(ThreadPool& threads, int n) {
    if (n < 2) return n;
    auto left = threads.submit(fibonacci, std::ref(threads), n - 1);
    auto right = threads.submit(fibonacci, std::ref(threads), n - 2);
    const int sum = threads.get(right);
    return sum + threads.get(left);
}

inline int chain(ThreadPool& threads, int depth) {
    if (depth == 0) return 0;
    auto next = threads.submit_with(depth, chain, std::ref(threads), depth - 1);
    return threads.get(next) + 1;
}

// One worker waits for the other; what is queued meanwhile has to be run by the one that waits.
inline bool helps_while_waiting() {
    ThreadPool threads(2);
    Gate gate;
    std::atomic<bool> waiting = false;
    auto outer = start(threads, [&] {
        auto inner = occupy(threads, gate);
        waiting = true;
        threads.get(inner);
    });
    until([&] { return waiting.load(); });
    breathe();
    auto late = start(threads, [] {});
    const bool helped = until([&] { return ready(late); });
    gate.open();
    outer.get();
    return helped;
}

inline std::string nested_waits() {
    ThreadPool one(1), two(2);
    return object({{"one", of(one.submit(fibonacci, std::ref(one), 10).get())},
                   {"two", of(two.submit(fibonacci, std::ref(two), 12).get())},
                   {"chain", of(one.submit(chain, std::ref(one), 200).get())},
                   {"helps_while_waiting", of(helps_while_waiting())}});
}

inline std::string outside_waits() {
    ThreadPool threads(1), other(1);
    Gate gate;
    auto busy = occupy(threads, gate);
    auto first = threads.submit([] { return std::this_thread::get_id(); });
    auto second = threads.submit([] { return std::this_thread::get_id(); });
    std::thread::id ran_first, ran_second, outsider;
    std::thread waiter([&] { ran_first = threads.get(first); });
    auto stranger = start(other, [&] {
        outsider = std::this_thread::get_id();
        ran_second = threads.get(second);
    });
    breathe();
    const auto queued = threads.queued();
    const auto waiter_id = waiter.get_id();
    gate.open();
    waiter.join();
    stranger.get();
    return object({{"queued", of(queued)}, {"by_the_waiter", of(ran_first == waiter_id)},
                   {"by_the_other_pool", of(ran_second == outsider)}, {"same_worker", of(ran_first == ran_second)}});
}

inline std::string lifetimes() {
    int alive = 0;
    ThreadPool threads(2);
    for (int round = 0; round < 300; ++round) {
        auto captured = std::make_shared<int>(1), passed = std::make_shared<int>(2), failing = std::make_shared<int>(3);
        const std::weak_ptr<int> watched[] = {captured, passed, failing};
        auto task = threads.submit([held = std::move(captured)](const std::shared_ptr<int>&) {}, std::move(passed));
        auto failure = start(threads, [held = std::move(failing)] { throw 1; });
        task.wait();
        alive += !watched[0].expired() + !watched[1].expired();
        failure.wait();
        alive += !watched[2].expired();
    }
    ThreadPool dropping(1);
    Gate gate;
    auto busy = occupy(dropping, gate);
    auto held = std::make_shared<int>(4);
    const std::weak_ptr<int> watched = held;
    auto dropped = start(dropping, [held = std::move(held)] {});
    std::thread closer([&] { dropping.shutdown(pool::Mode::cancel); });
    until([&] { return ready(dropped); });
    const bool gone = watched.expired();
    gate.open();
    closer.join();
    return object({{"alive", of(alive)}, {"gone_when_dropped", of(gone)}});
}

inline std::string destructors() {
    std::atomic<int> calls = 0;
    const auto watcher = [&calls](ThreadPool& threads) {
        return std::shared_ptr<ThreadPool>(&threads, [&calls](ThreadPool* used) {
            used->queued();
            ++calls;
        });
    };
    ThreadPool threads(1), dropping(1);
    start(threads, [held = watcher(threads)] {}).wait();
    until([&] { return calls == 1; });
    const int ran = calls;
    Gate gate;
    auto busy = occupy(dropping, gate);
    for (int number = 0; number < 3; ++number) start(dropping, number, [held = watcher(dropping)] {});
    std::thread closer([&] { dropping.shutdown(pool::Mode::cancel); });
    until([&] { return calls == 4; });
    gate.open();
    closer.join();
    const int dropped = calls - ran;
    const std::string refused = thrown([&] { start(dropping, [held = watcher(dropping)] {}); });
    return object({{"ran", of(ran)}, {"dropped", of(dropped)}, {"refused", of(refused)}, {"calls", of(calls.load())}});
}

inline std::string crowd() {
    constexpr int submitters = 8, tasks = 500;
    ThreadPool threads(3);
    std::atomic<long> sum = 0;
    std::vector<std::future<void>> futures[submitters];
    std::vector<std::thread> crowd;
    for (int submitter = 0; submitter < submitters; ++submitter) {
        crowd.emplace_back([&, submitter] {
            for (int number = 1; number <= tasks; ++number) {
                futures[submitter].push_back(start(threads, number % 3, [&sum, number] { sum += number; }));
            }
        });
    }
    for (std::thread& thread : crowd) thread.join();
    threads.wait_idle();
    int unfinished = 0;
    for (const auto& list : futures) {
        for (const auto& future : list) unfinished += !ready(future);
    }
    return object({{"sum", of(sum.load())}, {"unfinished", of(unfinished)}, {"queued", of(threads.queued())}});
}
