#include "thread_pool.hpp"

namespace pool {

ThreadPool::ThreadPool(std::size_t) {}

ThreadPool::~ThreadPool() {}

std::size_t ThreadPool::queued() const { throw std::logic_error("not implemented"); }

void ThreadPool::wait_idle() { throw std::logic_error("not implemented"); }

void ThreadPool::shutdown(Mode) { throw std::logic_error("not implemented"); }

}  // namespace pool
