#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "json.hpp"
#include "thread_pool.hpp"

// Bounds what a wrong pool can make the driver wait for; a right one is done in microseconds.
constexpr std::chrono::seconds patience(2);

template <typename Condition>
bool until(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition() && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    return condition();
}

// Lets happen what should not happen.
inline void breathe() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

// Holds tasks back until it is opened.
class Gate {
public:
    void open() { opened_.set_value(); }
    void pass() const { passed_.wait(); }

private:
    std::promise<void> opened_;
    std::shared_future<void> passed_ = opened_.get_future().share();
};

using Action = std::function<void()>;

// Submits a task whose type does not matter. One type for all of them keeps the driver quick to compile.
inline std::future<void> start(pool::ThreadPool& threads, Action action) {
    return threads.submit(std::move(action));
}

inline std::future<void> start(pool::ThreadPool& threads, int priority, Action action) {
    return threads.submit_with(priority, std::move(action));
}

// A task that keeps one worker busy until the gate opens, and is known to have started.
inline std::future<void> occupy(pool::ThreadPool& threads, const Gate& gate) {
    auto started = std::make_shared<std::atomic<bool>>(false);
    auto busy = start(threads, [started, &gate] {
        *started = true;
        gate.pass();
    });
    until([&] { return started->load(); });
    return busy;
}

template <typename T>
bool ready(const std::future<T>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

inline std::string thrown(const Action& action) {
    try {
        action();
    } catch (const pool::Cancelled&) {
        return "Cancelled";
    } catch (const pool::Stopped&) {
        return "Stopped";
    } catch (const std::invalid_argument&) {
        return "invalid_argument";
    } catch (const std::logic_error&) {
        return "logic_error";
    } catch (const std::exception&) {
        return "another exception";
    }
    return "nothing";
}

// Notes from many threads.
class Journal {
public:
    void note(const std::string& line) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(line);
    }

    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
};
