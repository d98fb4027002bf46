// Plays one scenario with the pool under test and prints what it observed as a JSON object.

#include <unistd.h>

#include <map>
#include <string>

#include "endings.hpp"
#include "tasks.hpp"

namespace {

const std::map<std::string, std::string (*)()> scenarios = {
    {"runs_tasks_and_returns_results", results},
    {"carries_exceptions_through_futures", exceptions},
    {"takes_move_only_callables_and_arguments", move_only},
    {"runs_higher_priorities_first_and_equals_in_order", priorities},
    {"uses_all_threads_and_no_more", all_threads},
    {"nested_waits_do_not_deadlock", nested_waits},
    {"waiting_from_outside_runs_nothing", outside_waits},
    {"drain_runs_everything_even_what_tasks_add", drains},
    {"cancel_drops_what_is_queued", cancels},
    {"cancel_asks_running_tasks_to_stop", stop_tokens},
    {"stopped_pool_refuses_tasks", refuses},
    {"destructor_drains", destructor_drains},
    {"waiting_for_the_pool_inside_a_task_is_refused", inside_calls},
    {"callables_are_gone_when_the_future_is_ready", lifetimes},
    {"destructors_of_callables_may_use_the_pool", destructors},
    {"many_threads_submit_at_once", crowd},
};

}  // namespace

int main(int, char** arguments) {
    const int out = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    const std::string line = "\n" + scenarios.at(arguments[1])() + "\n";
    return write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : 1;
}
