#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "orrery/page.hpp"

namespace orrery::app {

/// A live session on its own thread. Messages come in from the connection's thread and go out through `send`, which is called
/// on the session's thread. This is the border where InputError becomes an `error` message.
class SessionThread {
 public:
  using Send = std::function<void(std::vector<std::byte>)>;
  explicit SessionThread(Send send);
  ~SessionThread();
  SessionThread(const SessionThread&) = delete;
  SessionThread& operator=(const SessionThread&) = delete;
  void receive(std::vector<std::byte> message);

 private:
  void work();
  Send send_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::vector<std::byte>> inbox_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace orrery::app
