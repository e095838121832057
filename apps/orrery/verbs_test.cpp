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
  for (const char* verb : {"", "figures", "eval", "periodogram", "prewhiten", "transits", "completeness", "features", "flatten", "export", "serve",
                           "open", "pipe"}) {
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

TEST_CASE("periodogram has every alarm, and an alias report that says what is not excluded") {
  const auto file = written("sine.csv", sine_csv());
  const std::string range = "periodogram " + file + " --min-period 0.5 --max-period 20 --seed 3 --resamples 99 ";
  for (const char* alarm : {"single", "naive", "davies", "baluev", "bootstrap", "red_noise"}) {
    CAPTURE(alarm);
    const auto json = nlohmann::json::parse(run(range + "--json --alarm " + alarm).out);
    CHECK(json["alarm"] == alarm);
    CHECK(json["false_alarm_probability"].get<double>() <= 0.05);
    CHECK(json["ambiguous"].is_boolean());
    for (const auto& rival : json["aliases"]) {
      CHECK(rival["excluded"].is_boolean());
      CHECK(rival["delta_chi2"].is_number());
    }
  }
  const auto words = run(range + "--alarm bootstrap").out;
  CHECK(words.find("0.01 +- 0.01 (bootstrap)") != std::string::npos);  // 1 of 100, and its binomial error
  CHECK(run(range + "--alarm guess").code == 2);
  CHECK(run("periodogram " + file + " --resamples 0").code == 2);
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

TEST_CASE("rrlyrae finds the period of a sawtooth star") {
  std::string csv = "mjd,g_mag,g_err\n";
  for (int i = 0; i < 70; ++i) {
    const double t = 53000.0 + 1.0027 * i + 0.2 * std::sin(double(i * i)), phase = t / 0.5713 - std::floor(t / 0.5713);
    csv += std::to_string(t) + "," + std::to_string(16.0 + (phase < 0.85 ? phase / 0.85 : (1.0 - phase) / 0.15)) + ",0.02\n";
  }
  const auto file = written("sawtooth.csv", csv);
  const auto result = run("rrlyrae " + file + " --json --curve");
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(std::fabs(json["period"].get<double>() - 0.5713) < 5e-4);  // no RR Lyrae star is a sawtooth: a tenth of the peak's width
  CHECK(json["type"] == "ab");
  CHECK(json["bands"][0]["amplitude"].get<double>() > 0.8);
  CHECK(json["curve"]["power"].size() == json["n_frequencies"]);
  CHECK(run("rrlyrae " + file).out.find("type     ab, template ab 1") != std::string::npos);
  CHECK(run("rrlyrae " + file + " --min-period 0.9 --max-period 0.5").code == 2);
  CHECK(run("rrlyrae " + file + " --templates " + scratch().string() + "/nowhere").code == 1);
  CHECK(run("rrlyrae " + file + " --templates " + scratch().string()).code == 2);
}

TEST_CASE("autocorrelation sees the whole turn; wavelet follows a drift") {
  std::string spots = "time,flux\n", drift = "time,flux\n";
  for (int i = 0; i < 1000; ++i) {
    const double t = 0.2 * i, c = std::cos(2.0 * M_PI * t / 12.0);
    spots += std::to_string(t) + "," + std::to_string(1.0 - 0.01 * std::max(0.0, c) - 0.008 * std::max(0.0, -c)) + "\n";
    drift += std::to_string(t) + "," + std::to_string(1.0 + 0.01 * std::sin(2.0 * M_PI * (0.2 * t + 0.0005 * t * t))) + "\n";
  }
  const auto file = written("spots.csv", spots);
  const auto json = nlohmann::json::parse(run("autocorrelation " + file + " --json --curve").out);
  CHECK(std::fabs(json["period"].get<double>() - 12.0) < 0.1);
  CHECK(json["second_chosen"] == true);
  CHECK(json["curve"]["lag"].size() == json["curve"]["smooth"].size());
  CHECK(run("autocorrelation " + file).out.find("half a turn") != std::string::npos);
  for (const std::string method : {"gaussian", "slot", "discrete", "z"}) {
    CHECK(run("autocorrelation " + file + " --method " + method + " --max-lag 20 --step 0.5").out.rfind("lag,value,error_low,error_high,pairs", 0) == 0);
  }
  CHECK(run("autocorrelation " + file + " --method wrong").code == 2);
  const auto ridge = nlohmann::json::parse(run("wavelet " + written("drift.csv", drift) + " --min-period 1 --max-period 10 --times 5 --json").out);
  CHECK(std::fabs(ridge["frequency"][1].get<double>() - 0.25) < 0.03);
  CHECK(std::fabs(ridge["frequency"][3].get<double>() - 0.35) < 0.03);
}

TEST_CASE("prewhiten lists the modes with their relations, and says why it stopped") {
  std::string csv = "time,flux,flux_err,band\n";
  for (int i = 0; i < 400; ++i) {
    const double t = 0.2 * i + 0.05 * std::sin(double(i * i));
    const double phase = 2.0 * M_PI * 0.7 * t, noise = 0.002 * std::sin(1e4 * std::sin(double(i)));
    const double y = 1.0 + 0.05 * std::sin(phase) + 0.02 * std::sin(2.0 * phase + 1.0) + 0.01 * std::sin(2.0 * M_PI * 1.13 * t) + noise;
    csv += std::to_string(t) + "," + std::to_string(y) + ",0.0014," + (i % 8 == 0 ? "z" : "g") + "\n";
  }
  const auto file = written("modes.csv", csv);
  const auto json = nlohmann::json::parse(run("prewhiten " + file + " --band g --json --curve").out);
  REQUIRE(json["modes"].size() == 3);
  const double truth[] = {0.7, 1.4, 1.13}, height[] = {0.05, 0.02, 0.01};
  for (std::size_t j = 0; j < 3; ++j) {
    const auto& mode = json["modes"][j];
    CHECK(std::fabs(mode["frequency"].get<double>() - truth[j]) < 4.0 * mode["frequency_error"].get<double>());
    CHECK(std::fabs(mode["amplitude"].get<double>() - height[j]) < 4.0 * mode["amplitude_error"].get<double>());
  }
  CHECK(json["modes"][1]["relation"] == "2 f1");
  CHECK(json["residual"].size() == 350);
  const auto words = run("prewhiten " + file + " --band g --modes 2");
  CHECK(words.code == 0);
  CHECK(words.out.find(", 2 f1\n") != std::string::npos);
  CHECK(words.out.find("stopped  as many modes as asked for") != std::string::npos);
  CHECK(run("prewhiten " + file + " --band g --csv").out.rfind("frequency,frequency_error,", 0) == 0);
  const auto both = run("prewhiten " + file);
  CHECK(both.code == 2);
  CHECK(one_line(both.err));
  CHECK(run("prewhiten " + file + " --band r").code == 2);
  CHECK(run("prewhiten " + file + " --band g --modes -1").code == 2);
  CHECK(run("prewhiten " + file + " --band g --snr 1e6").out.rfind("modes    none", 0) == 0);
}

TEST_CASE("transits --method tls peels planets and says what half a period would mean") {
  std::string csv = "time,flux,flux_err\n";
  for (int i = 0; i < 4000; ++i) {
    const double t = 0.02 * i;
    if (std::fabs(t - 40.0) < 1.0) continue;  // half way between the two transits of the outer planet
    const auto dip = [&](double period, double epoch, double depth) {
      const double u = std::fabs(std::remainder(t - epoch, period)) / 0.1;
      return u < 1.0 ? depth * std::sqrt(1.0 - u * u * u) : 0.0;
    };
    const double noise = 0.0002 * (std::sin(double(i) * double(i)) + std::sin(1.7 * double(i) * double(i)));
    csv += std::to_string(t) + "," + std::to_string(1.0 - dip(7.3, 1.5, 0.002) - dip(44.0, 18.0, 0.003) + noise) + ",0.0002\n";
  }
  const auto file = written("planets.csv", csv);
  const auto result = run("transits " + file + " --method tls --planets 3 --min-period 4 --json");
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  REQUIRE(json["planets"].size() >= 2);
  CHECK(std::fabs(json["planets"][0]["period"].get<double>() - 7.3) < 0.01);
  CHECK(json["planets"][0]["ambiguous"] == false);
  CHECK(json["planets"][0]["accepted"] == true);
  CHECK(std::fabs(json["planets"][1]["period"].get<double>() - 22.0) < 0.05);  // two transits in the span ask for periods up to 40 days
  CHECK(json["planets"][1]["ambiguous"] == true);
  CHECK(json["planets"][1]["verdict"] == "double_possible");
  const auto text = run("transits " + file + " --method tls --planets 2 --min-period 4");
  REQUIRE(text.code == 0);
  CHECK(text.out.find("planet 2") != std::string::npos);
  CHECK(text.out.find("is not excluded") != std::string::npos);
  CHECK(run("transits " + file + " --planets 2").code == 2);  // boxes are not peeled
  CHECK(run("transits " + file + " --method tls --min-period 50").code == 2);
}

TEST_CASE("completeness: deep planets are found, shallow ones not, and the control says at what price") {
  std::string csv = "time,flux,flux_err\n", mags = "time,mag,mag_err\n";
  for (int i = 0; i < 500; ++i) {
    const double noise = 0.001 * (std::sin(double(i) * double(i)) + std::sin(1.7 * double(i) * double(i)));
    csv += std::to_string(0.05 * i) + "," + std::to_string(1.0 + noise) + ",0.001\n";
    mags += std::to_string(0.05 * i) + "," + std::to_string(12.0 + noise) + ",0.001\n";
  }
  const auto file = written("quiet.csv", csv);
  const auto result = run("completeness " + file + " --period 2,5,2 --size 1e-6,0.03,2 --trials 3 --threshold 7 --control 20 --json --injections");
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["fraction"].size() == 2);
  CHECK(json["fraction"][1][0].get<double>() > json["fraction"][0][0].get<double>());
  CHECK(json["injections"].size() == 12);
  CHECK(json["control"]["judged"] == 20);
  CHECK(json["method"] == "box");
  const auto words = run("completeness " + written("quiet_mag.csv", mags) + " --kind variable --shape sawtooth --period 0.5,5,3 --size 0.00001,0.1,2 --trials 2 --control 40");
  REQUIRE(words.code == 0);
  CHECK(words.out.find("by lomb_scargle, threshold") != std::string::npos);
  CHECK(words.out.find("from the control") != std::string::npos);
  CHECK(run("completeness " + file + " --period 5,2,2").code == 2);
  CHECK(run("completeness " + file + " --shape sawtooth").code == 2);
  CHECK(run("completeness " + file + " --method lomb_scargle").code == 2);
  CHECK(run("completeness " + file + " --period 2,5").code == 2);
}

TEST_CASE("features of a file, and a file without its trend") {
  const auto file = written("sine.csv", sine_csv());
  const auto result = run("features " + file + " --set light-curve --json");
  REQUIRE(result.code == 0);
  const auto json = nlohmann::json::parse(result.out);
  CHECK(json["features"]["observation_count"]["value"] == 80);
  CHECK(json["features"].contains("eta_e"));
  CHECK_FALSE(json["features"].contains("bazin_fit_amplitude"));
  CHECK(run("features " + file + " --names mean,qn --bootstrap 50 --csv").out.rfind("name,value,error,unit,reason\nmean,", 0) == 0);
  CHECK(run("features " + file + " --names beauty").code == 2);
  const auto flat = written("flat.csv", "");
  CHECK(run("flatten " + file + " -o " + flat + " --window 30").out.find("80 points in 1 piece") != std::string::npos);
  CHECK(run("features " + flat + " --names mean --json").code == 0);
  CHECK(run("flatten " + file + " --window 30 --transit 3,1,0.5 --method median").out.rfind("time,", 0) == 0);
  CHECK(run("flatten " + file).code == 2);
  CHECK(run("flatten " + file + " --window 1 --method magic").code == 2);
  CHECK(run("flatten " + file + " -o /nowhere/x.csv --window 30").code == 1);
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

TEST_CASE("bad series: one line that says what is wrong, or an answer with a note") {
  const auto with = [](const char* name, auto row) {
    std::string csv = "mjd,mag,err\n";
    for (int i = 0; i < 60; ++i) csv += std::to_string(50000.0 + 0.7 * i + 0.2 * std::sin(double(i * i))) + "," + row(i) + "\n";
    return written(name, csv);
  };
  const auto sine = [](int i) {
    const double t = 50000.0 + 0.7 * i + 0.2 * std::sin(double(i * i));
    return std::to_string(15.0 + 0.3 * std::sin(2 * M_PI * t / 3.1));
  };
  const auto constant = with("constant.csv", [](int) { return std::string("15,0.02"); });
  for (const char* verb : {"periodogram", "periodogram --method exact", "periodogram --method pdm", "periodogram --method qmi", "transits",
                           "transits --method tls"}) {
    CAPTURE(verb);
    const auto result = run(std::string(verb) + " " + constant);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(one_line(result.err));
    CHECK(result.err.find("the series is constant and has no period: all 60 values are 15") != std::string::npos);
  }
  const auto zeros = run("periodogram " + with("zeros.csv", [&](int i) { return sine(i) + ",0"; }));
  CHECK(zeros.code == 0);
  CHECK(zeros.out.find("the error column holds no positive number and is not used") != std::string::npos);
  CHECK(zeros.out.find("period   3.1000") == 0);
  const auto some = run("periodogram " + with("some.csv", [&](int i) { return sine(i) + (i % 7 == 0 ? ",0" : ",0.02"); }));
  CHECK(some.out.find("51 of 60 measurements used; 9 dropped (zero or negative error)") != std::string::npos);
  const auto huge = run("periodogram " + written("sine.csv", sine_csv()) + " --min-period 1e-12");
  CHECK(huge.code == 2);
  CHECK(one_line(huge.err));
  CHECK(huge.err.find("GB of power") != std::string::npos);
}
