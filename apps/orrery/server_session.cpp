#include "orrery/server_session.hpp"

#include "orrery/border.hpp"
#include "orrery/live/registry.hpp"

namespace orrery::app {
SessionThread::SessionThread(Send send) : send_(std::move(send)), thread_([this] { work(); }) {}

SessionThread::~SessionThread() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void SessionThread::receive(std::vector<std::byte> message) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.push_back(std::move(message));
  }
  arrived_.notify_one();
}

void SessionThread::work() {
  live::Session session(live::all_figures());
  bool more = false;
  for (;;) {
    std::deque<std::vector<std::byte>> messages;
    {
      std::unique_lock lock(mutex_);
      if (!more) arrived_.wait(lock, [this] { return closing_ || !inbox_.empty(); });
      if (closing_) return;
      messages.swap(inbox_);
    }
    for (const auto& message : messages) guarded(session, [&] { session.receive(message); return true; });
    more = guarded(session, [&] { return session.step(live::kSliceMs); });
    for (auto out = session.take(); !out.empty(); out = session.take()) send_(std::move(out));
  }
}

}  // namespace orrery::app
