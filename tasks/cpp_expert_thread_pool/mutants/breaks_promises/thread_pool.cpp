#include "thread_pool.hpp"

namespace pool {

namespace {

// The pool whose worker this thread is.
thread_local const ThreadPool* worker_of = nullptr;

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
    if (threads == 0) throw std::invalid_argument("a pool needs a thread");
    threads_.reserve(threads);
    for (std::size_t number = 0; number < threads; ++number) threads_.emplace_back([this] { work(); });
}

ThreadPool::~ThreadPool() { shutdown(Mode::drain); }

std::size_t ThreadPool::queued() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [priority, tasks] : queue_) count += tasks.size();
    return count;
}

void ThreadPool::wait_idle() {
    if (inside()) throw std::logic_error("a task cannot wait for its own end");
    Lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.empty() && running_ == 0; });
}

void ThreadPool::shutdown(Mode mode) {
    if (inside()) throw std::logic_error("a task cannot shut down its own pool");
    Queue dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (mode == Mode::cancel) {
            cancelled_ = true;
            dropped.swap(queue_);
        }
        changed_.notify_all();
    }
    if (mode == Mode::cancel) stop_.request_stop();
    fail_all(dropped);
    const std::lock_guard joining(joining_);
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

void ThreadPool::push(int priority, std::unique_ptr<Task> task) {
    const std::lock_guard lock(mutex_);
    if (cancelled_ || (stopping_ && !inside())) throw Stopped();
    queue_[priority].push_back(std::move(task));
    changed_.notify_all();
}

void ThreadPool::work() {
    worker_of = this;
    Lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return !queue_.empty() || (stopping_ && running_ == 0); });
        if (queue_.empty()) return;
        run_next(lock);
    }
}

// Runs the first task of the queue with the lock released, and destroys it before taking the lock again.
void ThreadPool::run_next(Lock& lock) {
    const auto first = queue_.begin();
    std::unique_ptr<Task> task = std::move(first->second.front());
    first->second.pop_front();
    if (first->second.empty()) queue_.erase(first);
    ++running_;
    lock.unlock();
    task->run(stop_.get_token());
    task.reset();
    lock.lock();
    --running_;
    changed_.notify_all();
}

void ThreadPool::help_until(const std::function<bool()>& done) {
    Lock lock(mutex_);
    while (!done()) {
        if (queue_.empty()) {
            changed_.wait(lock);
        } else {
            run_next(lock);
        }
    }
}

bool ThreadPool::inside() const { return worker_of == this; }

void ThreadPool::fail_all(Queue& dropped) {
    dropped.clear();
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
}

}  // namespace pool
