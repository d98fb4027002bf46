#pragma once

#include <memory>

#include "observe.hpp"

using json::object;
using json::of;
using pool::Mode;
using pool::ThreadPool;

inline bool refuses_now(ThreadPool& threads) {
    return thrown([&] { start(threads, [] {}); }) == "Stopped";
}

inline std::string drains() {
    ThreadPool threads(2);
    Gate first_gate, second_gate;
    std::atomic<int> ran = 0;
    std::atomic<bool> returned = false;
    auto first = occupy(threads, first_gate);
    auto second = occupy(threads, second_gate);
    for (int number = 0; number < 3; ++number) start(threads, [&ran] { ++ran; });
    auto adds = start(threads, -1, [&] {
        start(threads, [&ran] { ran += 10; });
        auto nested = start(threads, [&ran] { ran += 100; });
        threads.get(nested);
        start(threads, [&] { start(threads, [&ran] { ran += 1000; }); });
    });
    std::thread closer([&] {
        threads.shutdown(Mode::drain);
        returned = true;
    });
    const bool refused = until([&] { return refuses_now(threads); });
    breathe();
    const bool early = returned;
    const int before = ran;
    first_gate.open();
    second_gate.open();
    closer.join();
    return object({{"refused", of(refused)}, {"early", of(early)}, {"before", of(before)}, {"ran", of(ran.load())},
                   {"adding", of(thrown([&] { adds.get(); }))}});
}

inline std::string cancels() {
    ThreadPool threads(1);
    Gate gate;
    std::atomic<int> ran = 0;
    std::atomic<bool> returned = false;
    std::vector<std::future<void>> queued;
    auto running = threads.submit([&] {
        gate.pass();
        return 5;
    });
    until([&] { return threads.queued() == 0; });
    for (int number = 0; number < 3; ++number) queued.push_back(start(threads, number, [&ran] { ++ran; }));
    std::thread drainer([&] { threads.shutdown(Mode::drain); });
    const bool refused = until([&] { return refuses_now(threads); });
    const bool kept = threads.queued() >= queued.size();
    std::thread canceller([&] {
        threads.shutdown(Mode::cancel);
        returned = true;
    });
    until([&] { return ready(queued[0]) && ready(queued[1]) && ready(queued[2]); });
    breathe();
    const bool early = returned;
    const auto left = threads.queued();
    gate.open();
    drainer.join();
    canceller.join();
    std::vector<std::string> outcomes;
    for (auto& future : queued) outcomes.push_back(thrown([&] { future.get(); }));
    return object({{"refused", of(refused)}, {"kept_by_the_drain", of(kept)}, {"early", of(early)}, {"left", of(left)},
                   {"running", of(running.get())}, {"outcomes", of(outcomes)}, {"ran", of(ran.load())}});
}

inline std::string stop_tokens() {
    ThreadPool cancelled(1), drained(1);
    std::atomic<bool> started = false;
    auto stops = cancelled.submit(
        [&](std::stop_token token, int number) {
            started = true;
            return until([&] { return token.stop_requested(); }) ? number : -1;
        },
        3);
    until([&] { return started.load(); });
    cancelled.shutdown(Mode::cancel);
    Gate gate;
    auto busy = occupy(drained, gate);
    auto goes_on = drained.submit([](std::stop_token token) { return token.stop_possible() && !token.stop_requested(); });
    std::thread closer([&] { drained.shutdown(Mode::drain); });
    until([&] { return refuses_now(drained); });
    gate.open();
    closer.join();
    return object({{"stopped", of(stops.get())}, {"went_on_in_a_drain", of(goes_on.get())}});
}

inline std::string refuses() {
    ThreadPool drained(2), cancelled(1);
    drained.shutdown(Mode::drain);
    drained.shutdown(Mode::drain);
    drained.shutdown(Mode::cancel);
    const bool after_drain = refuses_now(drained);
    Gate gate;
    std::string inside;
    std::atomic<bool> started = false;
    auto task = start(cancelled, [&] {
        started = true;
        gate.pass();
        inside = thrown([&] { start(cancelled, [] {}); });
    });
    until([&] { return started.load(); });
    std::thread closers[] = {std::thread([&] { cancelled.shutdown(Mode::cancel); }),
                             std::thread([&] { cancelled.shutdown(Mode::cancel); })};
    const bool during_cancel = until([&] { return refuses_now(cancelled); });
    gate.open();
    for (std::thread& closer : closers) closer.join();
    return object({{"after_drain", of(after_drain)}, {"during_cancel", of(during_cancel)}, {"inside", of(inside)},
                   {"with_priority", of(thrown([&] { start(cancelled, 9, [] {}); }))}});
}

inline std::string destructor_drains() {
    std::atomic<int> ran = 0;
    std::vector<std::future<int>> futures;
    {
        ThreadPool threads(2);
        for (int number = 0; number < 100; ++number) futures.push_back(threads.submit([&ran] { return ++ran; }));
        start(threads, [&] { start(threads, [&ran] { ++ran; }); });
    }
    const int finished = ran;
    int broken = 0;
    for (auto& future : futures) broken += thrown([&] { future.get(); }) != "nothing";
    return object({{"ran", of(finished)}, {"broken", of(broken)}});
}

inline std::string inside_calls() {
    ThreadPool threads(1), other(1);
    const auto from_inside = [&](const Action& action) {
        return threads.submit([action] { return thrown(action); }).get();
    };
    const std::vector<std::string> own = {
        from_inside([&] { threads.shutdown(Mode::drain); }),
        from_inside([&] { threads.shutdown(Mode::cancel); }),
        from_inside([&] { threads.wait_idle(); }),
    };
    const std::vector<std::string> others = {
        from_inside([&] { other.wait_idle(); }),
        from_inside([&] { other.shutdown(Mode::drain); }),
    };
    return object({{"own", of(own)}, {"others", of(others)}, {"still_works", of(threads.submit([] { return 5; }).get())}});
}
