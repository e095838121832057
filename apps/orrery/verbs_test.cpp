// The program as a user runs it: what it prints, how it refuses, and its exit codes.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/test.hpp"

namespace {

struct Result {
  int code = -1;
  std::string out, err;
};

std::filesystem::path scratch() {
  static const auto folder = [] {
    auto path = std::filesystem::temp_directory_path() / ("orrery-verbs-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
    return path;
  }();
  return folder;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result run(const std::string& arguments) {
  const auto out = scratch() / "out", err = scratch() / "err";
  const std::string command = orrery::testing::program() + " " + arguments + " >" + out.string() + " 2>" + err.string() + " </dev/null";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, file_text(out), file_text(err)};
}

std::string written(const std::string& name, const std::string& text) {
  const auto path = scratch() / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

/// A sine of period 2.5 d, 80 uneven times.
std::string sine_csv() {
  std::string csv = "mjd,mag,err\n";
  for (int i = 0; i < 80; ++i) {
    const double t = 50000.0 + 1.37 * i + 0.3 * std::sin(double(i * i));
    csv += std::to_string(t) + "," + std::to_string(12.0 + 0.4 * std::sin(2 * M_PI * t / 2.5)) + ",0.02\n";
  }
  return csv;
}

bool one_line(const std::string& text) { return !text.empty() && text.find('\n') == text.size() - 1; }

}  // namespace

TEST_CASE("figures lists the gallery, with all four shelves") {
  const auto result = run("figures");
  CHECK(result.code == 0);
  for (const char* shelf : {" bench ", " lectures ", " book ", " hacks "}) CHECK(result.out.find(shelf) != std::string::npos);
  const auto json = nlohmann::json::parse(run("figures --json").out);
  CHECK(json.size() >= 9);
}

TEST_CASE("every verb has help, and a wrong word is exit 2") {
  for (const char* verb : {"", "figures", "eval", "periodogram", "transits", "export", "serve", "open", "pipe"}) {
    CAPTURE(verb);
    const auto result = run(std::string(verb) + " --help");
    CHECK(result.code == 0);
    CHECK(result.out.size() > 80);
  }
  CHECK(run("").code == 2);
  CHECK(run("dance").code == 2);
  CHECK(run("periodogram").code == 2);
  CHECK(run("--version").out.rfind("orrery ", 0) == 0);
}

TEST_CASE("periodogram finds the period and says how it read the file") {
  const auto file = written("sine.csv", sine_csv());
  const auto result = run("periodogram " + file + " --min-period 0.5 --max-period 20 --json --curve");
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(std::fabs(json["period"].get<double>() - 2.5) < 5.0 * json["period_error"].get<double>() + 1e-3);
  CHECK(json["power"].get<double>() > 0.95);
  CHECK(json["false_alarm_probability"].get<double>() < 1e-6);
  CHECK(json["n_used"] == 80);
  CHECK(json["n_dropped"] == 0);
  CHECK(json["aliases"].is_array());
  CHECK(json["curve"]["frequency"].size() == json["curve"]["power"].size());
  const auto exact = nlohmann::json::parse(run("periodogram " + file + " --min-period 0.5 --max-period 20 --json --method exact").out);
  CHECK(std::fabs(exact["power"].get<double>() - json["power"].get<double>()) < 1e-8);  // the fast path's promise is 1e-9
  CHECK(run("periodogram " + file + " --csv").out.rfind("period,period_error,power", 0) == 0);
}

TEST_CASE("periodogram by every statistic of the table") {
  const auto file = written("sine.csv", sine_csv());
  for (const std::string method : {"lomb_scargle", "aov", "pdm", "entropy", "string_length", "qmi", "supersmoother"}) {
    CAPTURE(method);
    const auto result = run("periodogram " + file + " --min-period 1.5 --max-period 4 --json --curve --shuffles 4 --method " + method);
    REQUIRE(result.code == 0);
    const auto json = nlohmann::json::parse(result.out);
    CHECK(std::fabs(json["period"].get<double>() - 2.5) < 2.5 * 2.5 / 109.0);  // the width of a peak
    CHECK(json["method"] == method);
    CHECK(json["shuffled_probability"] == 0.2);
    CHECK(json["curve"]["frequency"].size() == json["curve"]["value"].size());
  }
  CHECK(run("periodogram " + file + " --method pdm").out.find("day by phase dispersion minimisation") != std::string::npos);
  CHECK(run("periodogram " + file + " --method entropy --csv").out.rfind("period,value,contrast", 0) == 0);
  for (const char* wrong : {"--method pdm --harmonics 2", "--method pdm --clip 5", "--method box", "--shuffles 3"}) {
    const auto refused = run("periodogram " + file + " " + wrong);
    CHECK(refused.code == 2);
    CHECK(refused.out.empty());
  }
}

TEST_CASE("transits finds a planet, and doubts a pair of stars") {
  const auto light = [](const std::string& name, double odd, double even) {
    std::string csv = "time,flux,flux_err\n";
    for (int i = 0; i < 3000; ++i) {
      const double t = 0.0201 * i, k = std::round((t - 0.7) / 2.2);
      const double dip = std::fabs(t - 0.7 - 2.2 * k) < 0.08 ? (std::fmod(k, 2.0) == 0.0 ? even : odd) : 0.0;
      csv += std::to_string(t) + "," + std::to_string(1.0 - dip + 0.0005 * std::sin(double(i) * double(i))) + ",0.0005\n";
    }
    return written(name, csv);
  };
  const auto planet = run("transits " + light("planet.csv", 0.01, 0.01) + " --duration 0.1,0.16 --max-period 10 --json");
  REQUIRE(planet.code == 0);
  const auto json = nlohmann::json::parse(planet.out);
  CHECK(std::fabs(json["period"].get<double>() - 2.2) < 0.16 * 2.2 / 60.0);
  CHECK(std::fabs(json["depth"].get<double>() - 0.01) < 0.002);  // the box may be shorter than the dip
  CHECK(json["n_transits"] == 28);
  CHECK(json["doubts"].empty());
  const auto pair = run("transits " + light("pair.csv", 0.006, 0.01) + " --duration 0.16 --min-period 1.5 --max-period 3");
  REQUIRE(pair.code == 0);
  CHECK(pair.out.find("odd and even transits differ") != std::string::npos);
  CHECK(run("transits " + written("sine.csv", sine_csv()) + " --grid box --duration 5 --max-period 6").code == 2);  // no period above twice 5 days
}

TEST_CASE("bad files: one clear line, exit 2 (1 when the file is not there), never a trace") {
  const auto bad = [&](const std::string& name, const std::string& text) { return run("periodogram " + written(name, text)); };
  const Result results[] = {bad("empty.csv", ""), bad("one.csv", "t,y\n1,2\n"), bad("nan.csv", "t,y\nnan,nan\nnan,nan\nnan,nan\n"),
                            bad("text.csv", "t,mag\n1,2\n2,abc\n3,4\n4,5\n"), bad("garbage.bin", std::string("\x7f" "ELF\x00\x01\xff\xfe\n\x00\x00", 11)),
                            bad("short.fits", "SIMPLE  =                    T" + std::string(100, ' '))};
  for (const auto& result : results) {
    CAPTURE(result.err);
    CHECK(result.code == 2);
    CHECK(one_line(result.err));
    CHECK(result.out.empty());
  }
  CHECK(results[3].err.find("text.csv:3") != std::string::npos);
  const auto absent = run("periodogram /no/such/file.csv");
  CHECK(absent.code == 1);
  CHECK(one_line(absent.err));
}

TEST_CASE("eval gives the numbers behind a frame, refuses what it does not know, and takes a file") {
  const auto file = written("sine.csv", sine_csv());
  const auto result = run("eval bench.light_curve --set period=2.5 --json --data " + file);
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["figure"] == "bench.light_curve");
  CHECK(json["values"]["period"] == 2.5);
  CHECK(json["panels"].size() >= 4);
  CHECK_FALSE(json["numbers"].empty());
  CHECK(run("eval no.such").code == 2);
  CHECK(run("eval bench.light_curve --set nothing=1").err.find("expected one of") != std::string::npos);
  CHECK(run("eval bench.light_curve --set period=abc").code == 2);
  CHECK(run("eval bench.light_curve --set harmonics=99").err.find("expected a value in [1") != std::string::npos);
}

