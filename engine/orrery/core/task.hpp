#pragma once
#include <chrono>
#include <coroutine>
#include <exception>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace orrery {

/// Milliseconds on a clock that never runs backwards.
[[nodiscard]] inline double clock_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What a long method may still spend before it must let others run. A method that can take more than a few milliseconds is a
/// coroutine `Task<T> name(Budget&, ...)` that says `co_await budget.pause()` at least every millisecond or so; the plain
/// function is the same loop with no limit. To cancel, stop stepping and destroy the Job.
class Budget {
 public:
  /// True when the present slice is used up.
  [[nodiscard]] bool spent() const { return limited_ && clock_ms() >= deadline_; }

  /// Awaitable: returns at once while time is left, else hands control back to whoever called Job::step.
  [[nodiscard]] auto pause() {
    struct Pause {
      Budget& budget;
      [[nodiscard]] bool await_ready() const { return !budget.spent(); }
      void await_suspend(std::coroutine_handle<> inner) const { budget.resume_at_ = inner; }
      void await_resume() const {}
    };
    return Pause{*this};
  }

  /// Says how far the work is: fraction in [0, 1] and a few words ("periodogram"). Free to call often.
  void progress(double fraction, std::string_view words) {
    fraction_ = fraction;
    words_ = words;
  }
  [[nodiscard]] double fraction() const { return fraction_; }
  [[nodiscard]] std::string_view words() const { return words_; }

 private:
  template <class T>
  friend class Job;
  bool limited_ = false;
  double deadline_ = 0.0;
  double fraction_ = 0.0;
  std::string words_;
  std::coroutine_handle<> resume_at_;
};

/// A lazily started coroutine that gives one value. Await it from another Task (`const auto x = co_await f(budget, ...)`)
/// or run it through Job. An InputError thrown inside comes out of the awaiting side.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type {
    std::optional<T> value;
#if defined(__cpp_exceptions)
    std::exception_ptr error;
#endif
    std::coroutine_handle<> waiting;

    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Hand {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          const auto waiting_side = self.promise().waiting;
          return waiting_side ? waiting_side : std::noop_coroutine();
        }
        void await_resume() noexcept {}
      };
      return Hand{};
    }
    template <class U>
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
    void unhandled_exception() {
#if defined(__cpp_exceptions)
      error = std::current_exception();
#endif
    }
    T take() {
#if defined(__cpp_exceptions)
      if (error) std::rethrow_exception(error);
#endif
      return std::move(*value);
    }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  [[nodiscard]] auto operator co_await() && {
    struct Await {
      std::coroutine_handle<promise_type> inner;
      bool await_ready() { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> outer) {
        inner.promise().waiting = outer;
        return inner;
      }
      T await_resume() { return inner.promise().take(); }
    };
    return Await{handle_};
  }

 private:
  template <class U>
  friend class Job;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// A Task being run from outside, slice by slice. The Budget must outlive it and be the one the Task was made with.
template <class T>
class Job {
 public:
  Job(Budget& budget, Task<T> task) : budget_(&budget), task_(std::move(task)) { budget_->resume_at_ = task_.handle_; }

  /// Works for about `milliseconds`, or to the end when infinite. Returns true when the result is ready.
  bool step(double milliseconds = std::numeric_limits<double>::infinity()) {
    if (done()) return true;
    budget_->limited_ = milliseconds < std::numeric_limits<double>::infinity();
    budget_->deadline_ = clock_ms() + milliseconds;
    std::exchange(budget_->resume_at_, nullptr).resume();
    return done();
  }
  [[nodiscard]] bool done() const { return task_.handle_.done(); }

  /// The value, once; throws what the task threw. Only when done().
  [[nodiscard]] T result() { return task_.handle_.promise().take(); }

 private:
  Budget* budget_;
  Task<T> task_;
};

/// Runs a task to its end and gives its value: how every plain function is made from its Task.
template <class Make>
[[nodiscard]] auto run_to_end(Make&& make) {
  Budget budget;
  Job job(budget, make(budget));
  job.step();
  return job.result();
}

}  // namespace orrery
