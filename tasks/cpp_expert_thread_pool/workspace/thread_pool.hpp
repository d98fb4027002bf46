#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <stdexcept>
#include <stop_token>
#include <type_traits>

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
};

template <typename Function, typename... Arguments>
FutureOf<Function, Arguments...> ThreadPool::submit_with(int, Function&&, Arguments&&...) {
    throw std::logic_error("not implemented");
}

template <typename T>
T ThreadPool::get(std::future<T>&) {
    throw std::logic_error("not implemented");
}

}  // namespace pool
