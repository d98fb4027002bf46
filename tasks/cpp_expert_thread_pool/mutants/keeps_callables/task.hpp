#pragma once

#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

namespace pool {

// Something to run once, or to fail without running it.
class Task {
public:
    virtual ~Task() = default;
    virtual void run(std::stop_token token) = 0;
    virtual void fail(std::exception_ptr reason) = 0;
};

// A task that calls a function with arguments of its own. The call is destroyed before the promise is kept.
template <typename Value, typename Function, typename... Arguments>
class CallTask : public Task {
public:
    template <typename F, typename... A>
    explicit CallTask(F&& function, A&&... arguments)
        : call_(std::in_place, std::forward<F>(function), std::forward<A>(arguments)...) {}

    std::future<Value> future() { return promise_.get_future(); }

    void run(std::stop_token token) override {
        try {
            if constexpr (std::is_void_v<Value>) {
                invoke(token);
                promise_.set_value();
            } else {
                Value value = invoke(token);
                promise_.set_value(std::forward<Value>(value));
            }
        } catch (...) {
            fail(std::current_exception());
        }
    }

    void fail(std::exception_ptr reason) override {
        promise_.set_exception(std::move(reason));
    }

private:
    Value invoke(std::stop_token token) {
        return std::apply(
            [&token](Function&& function, Arguments&&... arguments) -> Value {
                if constexpr (std::is_invocable_v<Function, std::stop_token, Arguments...>) {
                    return std::invoke(std::move(function), token, std::move(arguments)...);
                } else {
                    return std::invoke(std::move(function), std::move(arguments)...);
                }
            },
            std::move(*call_));
    }

    std::promise<Value> promise_;
    std::optional<std::tuple<Function, Arguments...>> call_;
};

}  // namespace pool
