#pragma once
// For the tests of streaming: a large CSV file that goes away again, and how much memory a reading takes.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "orrery/core/text.hpp"
#include "support/test.hpp"

/// A CSV file of about ORRERY_CSV_MB megabytes (20 when not set) with columns time,mag,magerr,band,note.
struct BigCsv {
  std::string path = (std::filesystem::temp_directory_path() / ("orrery_big_" + std::to_string(::getpid()) + ".csv")).string();
  double megabytes = std::getenv("ORRERY_CSV_MB") ? std::atof(std::getenv("ORRERY_CSV_MB")) : 20.0;
  orrery::Index rows = 0;

  BigCsv() {
    std::ofstream out(path);
    out << "time,mag,magerr,band,note\n";
    std::string line;
    for (double written = 0.0; written < megabytes * 1e6; ++rows) {
      line = orrery::number_text(time_of(rows), 12) + "," + std::to_string(15 + rows % 3) + ".1234,0.0123," + (rows % 2 == 0 ? "g" : "r") +
             ",a remark that nobody needs\n";
      out << line;
      written += static_cast<double>(line.size());
    }
  }
  ~BigCsv() { std::filesystem::remove(path); }
  BigCsv(const BigCsv&) = delete;
  BigCsv& operator=(const BigCsv&) = delete;

  [[nodiscard]] static double time_of(orrery::Index row) { return 50000.0 + 0.0005 * static_cast<double>(row); }
};

/// Largest resident memory since it was made, above what there was then [MB]. Linux only.
class PeakMemory {
 public:
  PeakMemory() {
    std::ofstream("/proc/self/clear_refs") << "5";  // forget the old peak
    start_ = read("VmRSS:");
  }
  [[nodiscard]] double megabytes() const { return read("VmHWM:") - start_; }

 private:
  static double read(const std::string& key) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      if (word != key) continue;
      double kilobytes = 0.0;
      status >> kilobytes;
      return kilobytes * 1024.0 / 1e6;
    }
    return 0.0;
  }
  double start_ = 0.0;
};
