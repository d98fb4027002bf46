#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "task.hpp"

namespace pool {

// What the future of a dropped task throws.
struct Cancelled : std::runtime_error {
    Cancelled() : std::runtime_error("the task was cancelled") {}
};

// What submit throws when the pool takes no more tasks.
struct Stopped : std::runtime_error {
    Stopped() : std::runtime_error("the pool has been shut down") {}
};

enum class Mode { drain, cancel };

// The type that a task yields: with a stop token before the arguments, if the function takes one.
template <typename Function, typename... Arguments>
struct Result : std::invoke_result<Function, Arguments...> {};

template <typename Function, typename... Arguments>
    requires std::is_invocable_v<Function, std::stop_token, Arguments...>
struct Result<Function, Arguments...> : std::invoke_result<Function, std::stop_token, Arguments...> {};

template <typename Function, typename... Arguments>
using FutureOf = std::future<typename Result<std::decay_t<Function>, std::decay_t<Arguments>...>::type>;

// A fixed number of threads that run tasks by priority.
class ThreadPool {
public:
    explicit ThreadPool(std::size_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    template <typename Function, typename... Arguments>
    FutureOf<Function, Arguments...> submit(Function&& function, Arguments&&... arguments) {
        return submit_with(0, std::forward<Function>(function), std::forward<Arguments>(arguments)...);
    }

    template <typename Function, typename... Arguments>
    FutureOf<Function, Arguments...> submit_with(int priority, Function&& function, Arguments&&... arguments);

    template <typename T>
    T get(std::future<T>& future);

    std::size_t queued() const;
    void wait_idle();
    void shutdown(Mode mode);

private:
    using Lock = std::unique_lock<std::mutex>;
    using Queue = std::map<int, std::deque<std::unique_ptr<Task>>, std::greater<>>;

    void push(int priority, std::unique_ptr<Task> task);
    void work();
    void run_next(Lock& lock);
    void help_until(const std::function<bool()>& done);
    bool inside() const;
    void fail_all(Queue& dropped);

    mutable std::mutex mutex_;
    std::condition_variable changed_;  // a task was queued, ended or dropped, or the pool is stopping
    Queue queue_;
    std::size_t running_ = 0;
    bool stopping_ = false;
    bool cancelled_ = false;
    std::stop_source stop_;
    std::mutex joining_;
    std::vector<std::thread> threads_;
};

template <typename Function, typename... Arguments>
FutureOf<Function, Arguments...> ThreadPool::submit_with(int priority, Function&& function, Arguments&&... arguments) {
    using Value = typename Result<std::decay_t<Function>, std::decay_t<Arguments>...>::type;
    auto task = std::make_unique<CallTask<Value, std::decay_t<Function>, std::decay_t<Arguments>...>>(
        std::forward<Function>(function), std::forward<Arguments>(arguments)...);
    auto future = task->future();
    push(priority, std::move(task));
    return future;
}

template <typename T>
T ThreadPool::get(std::future<T>& future) {
    if (inside()) {
        help_until([&future] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    }
    return future.get();
}

}  // namespace pool
