// The flags of every verb. The one translation unit that sees CLI11, which takes seconds to compile.
#include "orrery/command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <memory>

#include "orrery/period/period_statistic.hpp"
#include "orrery/verbs.hpp"

namespace orrery::app {
namespace {

/// `band_flag`: "--band,--band-column", or only the latter where --band chooses a band.
void add_read_flags(CLI::App& verb, ReadFlags& flags, const char* band_flag = "--band,--band-column") {
  verb.add_option("--time", flags.time, "column of times: a name, or a number from 1");
  verb.add_option("--value", flags.value, "column of values (magnitude, flux, velocity)");
  verb.add_option("--error", flags.error, "column of standard errors");
  verb.add_option(band_flag, flags.band_column, "column that names the band");
  verb.add_option("--time-offset", flags.time_offset, "days added to the times");
  verb.add_option("--quantity", flags.quantity, "what the values are, where the names do not tell")
      ->check(CLI::IsMember({"magnitude", "flux", "velocity", "other"}));
  verb.add_option("--error-scale", flags.error_scale, "factor on every error; 0.001 for m/s beside km/s")->check(CLI::PositiveNumber);
  verb.add_flag("--keep-flagged", flags.keep_flagged, "use rows whose quality flag is not 0");
}

void add_state_flags(CLI::App& verb, std::vector<std::string>& set, std::vector<std::string>& data) {
  verb.add_option("--set", set, "name=value of a control; lists as a,b; repeat for more")->allow_extra_args(false);
  verb.add_option("--data", data, "slot=FILE: your file instead of the embedded set (or just FILE)")->allow_extra_args(false);
}

/// Why a token of the user's is refused; empty when it is good.
std::string good_token(const std::string& token) {
  const bool plain = std::all_of(token.begin(), token.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  return plain && token.size() >= 16 ? std::string() : "expected a token of 16 or more letters and digits";
}

void add_server_flags(CLI::App& verb, ServeFlags& flags) {
  verb.add_option("--port", flags.port, "port on 127.0.0.1; 0: any free one")->check(CLI::Range(0, 65535));
  verb.add_option("--token", flags.token, "secret of the address, 16 or more letters and digits; with --port, open pages return after a restart")
      ->check(good_token);
  verb.add_option("--set", flags.set, "name=value of a control of the figure")->allow_extra_args(false);
  verb.add_flag("--no-browser", flags.no_browser, "only print the address");
}

void add_serve_verbs(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("serve", "the gallery and the bench in your browser, from this machine only");
  auto flags = std::make_shared<ServeFlags>();
  verb->add_option("--figure", flags->figure, "figure to open first; none: the gallery");
  add_server_flags(*verb, *flags);
  verb->callback([&action, flags] { action = [flags] { return serve(*flags); }; });

  auto* open = app.add_subcommand("open", "your light curve on the bench");
  auto open_flags = std::make_shared<ServeFlags>();
  open_flags->figure = "bench.light_curve";
  open->add_option("file", open_flags->files, "CSV, TSV, ECSV, blank-separated or FITS; none: the embedded star");
  open->add_option("--figure", open_flags->figure, "figure that takes the file; none: bench.light_curve");
  add_read_flags(*open, open_flags->read);
  add_server_flags(*open, *open_flags);
  open->callback([&action, open_flags] { action = [open_flags] { return serve(*open_flags); }; });
}

void add_figure_verbs(CLI::App& app, Action& action) {
  auto* figures = app.add_subcommand("figures", "list the figures");
  auto as_json = std::make_shared<bool>(false);
  figures->add_flag("--json", *as_json, "as JSON, with the controls of each");
  figures->callback([&action, as_json] { action = [as_json] { return list_figures(*as_json); }; });

  auto* eval = app.add_subcommand("eval", "the numbers behind a figure at a state");
  auto flags = std::make_shared<EvalFlags>();
  eval->add_option("figure", flags->figure, "figure id (see `orrery figures`)")->required();
  add_state_flags(*eval, flags->set, flags->data);
  add_read_flags(*eval, flags->read);
  eval->add_flag("--json", flags->as_json, "everything the frame holds, as JSON");
  eval->add_flag("--quiet", flags->quiet, "no progress line");
  eval->callback([&action, flags] { action = [flags] { return evaluate_figure(*flags); }; });
}

std::vector<std::string> known_methods() {
  std::vector<std::string> words = {"fast", "exact"};
  for (const auto& row : period::period_statistics()) words.emplace_back(row.word);
  return words;
}

void add_periodogram_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("periodogram", "the period of a light curve or of velocities");
  auto flags = std::make_shared<PeriodogramFlags>();
  verb->add_option("file", flags->file, "CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read, "--band-column");
  verb->add_option("--min-period", flags->min_period, "shortest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--max-period", flags->max_period, "longest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--harmonics", flags->harmonics, "sinusoids at f, 2f, ... [1-8]")->check(CLI::Range(1, 8));
  verb->add_option("--oversampling", flags->oversampling, "frequencies a peak")->check(CLI::Range(1.0, 100.0));
  verb->add_option("--clip", flags->clip, "leave out points this many errors from the model; 0: none")->check(CLI::NonNegativeNumber);
  verb->add_option("--band", flags->band, "one band of the file, or all (the default)");
  verb->add_option("--alarm", flags->alarm, "false-alarm probability: single, naive, davies, baluev (white noise), bootstrap, red_noise (damped random walk)")
      ->check(CLI::IsMember({"single", "naive", "davies", "baluev", "bootstrap", "red_noise"}));
  verb->add_option("--resamples", flags->resamples, "series of --alarm bootstrap or red_noise")->check(CLI::Range(Index(1), Index(10'000'000)));
  verb->add_option("--seed", flags->seed, "of those series");
  verb->add_flag("--smooth", flags->smooth, "with those: a Gumbel law in place of counts, for probabilities below 1 / resamples");
  verb->add_option("--method", flags->method, "least squares: fast (non-uniform FFT) or exact (direct sums); or a statistic of the fold: "
                                              "lomb_scargle, aov, pdm, entropy, string_length, qmi, supersmoother")
      ->check(CLI::IsMember(known_methods()));
  verb->add_option("--shuffles", flags->shuffles, "with a statistic: how many shuffled series tell how often noise is as good")
      ->check(CLI::Range(0, 1000000));
  verb->add_flag("--fixed-mean", flags->fixed_mean, "subtract the weighted mean once instead of fitting it at each frequency");
  auto* as_json = verb->add_flag("--json", flags->as_json, "the answer as JSON");
  verb->add_flag("--csv", flags->as_csv, "the answer as CSV")->excludes(as_json);
  verb->add_flag("--curve", flags->curve, "with --json or --csv: the whole periodogram");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return periodogram(*flags); }; });
}

void add_planet_flags(CLI::App& verb, TransitsFlags& flags) {
  verb.add_option("--method", flags.method, "bls: boxes; tls: limb-darkened transits, one planet after the other, with what half and twice the period would say")
      ->check(CLI::IsMember({"bls", "tls"}));
  verb.add_option("--exposure", flags.exposure, "for --method tls: length of one measurement [day]; else the spacing of the times when it is regular")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--planets", flags.planets, "for --method tls: as many at the most (3)")->check(CLI::Range(1, 20));
}

void add_transits_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("transits", "the planets, or the eclipsing pair, in a light curve: box or transit least squares");
  auto flags = std::make_shared<TransitsFlags>();
  verb->add_option("file", flags->file, "flux or magnitudes: CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read);
  verb->add_option("--detrend", flags->detrend, "take off a running median of so many days: three times the longest transit, or more")
      ->check(CLI::PositiveNumber);
  verb->add_option("--duration", flags->duration, "durations to try [day], as a,b,c; else those of circular orbits around the star, growing as period^(1/3)")->delimiter(',')->check(CLI::PositiveNumber);
  verb->add_option("--min-period", flags->min_period, "shortest period [day]; else that of an orbit at three stellar radii, or twice the longest --duration")->check(CLI::PositiveNumber);
  verb->add_option("--max-period", flags->max_period, "longest period [day]; else by --min-transits")->check(CLI::PositiveNumber);
  verb->add_option("--min-transits", flags->min_transits, "transits that the longest period has in the span")->check(CLI::Range(1.01, 1e6));
  verb->add_option("--grid", flags->grid, "kepler: as fine as the durations at each period ask for; box: equal steps of frequency, many more, with --duration")
      ->check(CLI::IsMember({"kepler", "box"}));
  verb->add_option("--search", flags->search, "how boxes are looked for: brute: every point at every period; ffa: fast folding; sparse: without bins; auto: by points and work")
      ->check(CLI::IsMember({"auto", "brute", "ffa", "sparse"}));
  verb->add_option("--star-radius", flags->star_radius, "for the durations [solar radii]")->check(CLI::PositiveNumber);
  verb->add_option("--star-mass", flags->star_mass, "for the durations [solar masses]")->check(CLI::PositiveNumber);
  verb->add_flag("--json", flags->as_json, "the answer as JSON");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  add_planet_flags(*verb, *flags);
  verb->callback([&action, verb, flags] {
    if (flags->method == "bls" && verb->count("--planets") > 0) throw CLI::ValidationError("--planets", "needs --method tls");
    if (flags->method == "tls" && verb->count("--min-transits") == 0) flags->min_transits = 2.0;
    action = [flags] { return flags->method == "tls" ? planets(*flags) : transits(*flags); };
  });
}

void add_completeness_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("completeness", "which planets or variables would have been found: signals are put into the series and searched for");
  auto flags = std::make_shared<CompletenessFlags>();
  verb->add_option("file", flags->file, "flux or magnitudes: CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read, "--band-column");
  verb->add_option("--kind", flags->kind, "what is put in: transit or variable")->check(CLI::IsMember({"transit", "variable"}));
  verb->add_option("--shape", flags->shape, "limb_darkened (the default) or box; of variables sinusoid (the default) or sawtooth")
      ->check(CLI::IsMember({"limb_darkened", "box", "sinusoid", "sawtooth"}));
  verb->add_option("--period", flags->period, "periods [day] as shortest,longest,cells; else from a day to half the span")->delimiter(',')->expected(3);
  verb->add_option("--size", flags->size, "depths (radius ratio squared) or amplitudes as smallest,largest,cells; else around the threshold")->delimiter(',')->expected(3);
  verb->add_option("--trials", flags->trials, "injections a cell")->check(CLI::Range(Index(1), Index(1'000'000)));
  verb->add_option("--method", flags->method, "box, box_brute, box_folding, tls; lomb_scargle; matched: at the true period and phase")
      ->check(CLI::IsMember({"box", "box_brute", "box_folding", "tls", "lomb_scargle", "matched"}));
  verb->add_option("--threshold", flags->threshold, "least signal-to-noise ratio of a detection; else by --false-alarm from the series in disorder")->check(CLI::PositiveNumber);
  verb->add_option("--false-alarm", flags->false_alarm, "probability that a series without a signal passes the threshold")->check(CLI::Range(1e-6, 0.5));
  verb->add_option("--tolerance", flags->tolerance, "largest relative error of a recovered period")->check(CLI::Range(1e-6, 0.2));
  verb->add_option("--control", flags->control, "searches of the series in disorder")->check(CLI::Range(Index(0), Index(1'000'000)));
  verb->add_option("--control-block", flags->control_block, "pieces of so many days keep their order in the control, so that slow noise stays slow")->check(CLI::NonNegativeNumber);
  verb->add_option("--detrend", flags->detrend, "window of the biweight trend that is taken off every injected series [day]")->check(CLI::PositiveNumber);
  verb->add_option("--star-radius", flags->star_radius, "of the orbits [solar radii]")->check(CLI::PositiveNumber);
  verb->add_option("--star-mass", flags->star_mass, "of the orbits [solar masses]")->check(CLI::PositiveNumber);
  verb->add_option("--harmonics", flags->harmonics, "of lomb_scargle")->check(CLI::Range(1, 8));
  verb->add_option("--band", flags->band, "one band of the file");
  verb->add_option("--seed", flags->seed, "of the injections");
  verb->add_option("--threads", flags->threads, "0: all cores; results do not depend on it")->check(CLI::Range(0, 1024));
  verb->add_flag("--json", flags->as_json, "the answer as JSON");
  verb->add_flag("--injections", flags->with_trials, "with --json: every injection");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return completeness(*flags); }; });
}

void add_rr_lyrae_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("rrlyrae", "period and type of an RR Lyrae star, by templates in all bands");
  auto flags = std::make_shared<RrLyraeFlags>();
  verb->add_option("file", flags->file, "CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read);
  verb->add_option("--templates", flags->templates, "folder of your own curves, <number><band>.dat with rows of phase and magnitude");
  verb->add_option("--amplitudes", flags->amplitudes, "free: each band its own; shared: in the proportions of the templates")
      ->check(CLI::IsMember({"free", "shared"}));
  verb->add_option("--min-period", flags->min_period, "shortest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--max-period", flags->max_period, "longest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--floor", flags->floor, "added to every error in quadrature [unit of the values]")->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", flags->as_json, "the answer as JSON");
  verb->add_flag("--curve", flags->curve, "with --json: the whole periodogram");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return rr_lyrae(*flags); }; });
}

void add_autocorrelation_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("autocorrelation", "rotation period by autocorrelation, or the function itself");
  auto flags = std::make_shared<AutocorrelationFlags>();
  verb->add_option("file", flags->file, "CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read);
  verb->add_option("--method", flags->method, "regular: on a regular grid, with the period; the function of gappy series by gaussian weights, slots, discrete (noise "
                                              "removed) or z (equal pairs)")
      ->check(CLI::IsMember({"regular", "gaussian", "slot", "discrete", "z"}));
  verb->add_option("--step", flags->step, "cadence or lag step [day]; else the median or mean spacing")->check(CLI::PositiveNumber);
  verb->add_option("--max-lag", flags->max_lag, "[day]; else half of the span")->check(CLI::PositiveNumber);
  verb->add_option("--min-period", flags->min_period, "shorter lags are not taken as the period [day]")->check(CLI::NonNegativeNumber);
  verb->add_option("--detrend", flags->detrend, "take off a running median of so many days: three rotations or more")->check(CLI::NonNegativeNumber);
  verb->add_option("--clip", flags->clip, "leave out points this many robust sigmas off; 0: none")->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", flags->as_json, "the answer as JSON");
  verb->add_flag("--curve", flags->curve, "with --json and regular: the whole function");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return autocorrelation(*flags); }; });
}

void add_prewhiten_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("prewhiten", "frequencies one after the other: the highest peak is fitted and taken away, and again");
  auto flags = std::make_shared<PrewhitenFlags>();
  verb->add_option("file", flags->file, "CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read, "--band-column");
  verb->add_option("--band", flags->band, "one band of the file; needed when it has several");
  verb->add_option("--modes", flags->modes, "as many at the most (20)")->check(CLI::Range(0, 1000));
  verb->add_option("--snr", flags->snr, "stop at a mode whose amplitude is below so many times the noise around it (4); 0: not asked")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--false-alarm", flags->false_alarm, "stop at a peak that noise shows with a larger probability; 0: not asked")
      ->check(CLI::Range(0.0, 1.0));
  verb->add_option("--min-period", flags->min_period, "shortest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--max-period", flags->max_period, "longest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--oversampling", flags->oversampling, "frequencies a peak")->check(CLI::Range(1.0, 100.0));
  verb->add_option("--noise-box", flags->noise_box, "width of the frequencies that make the noise [1/day]; else 2, or 30 over the span")
      ->check(CLI::PositiveNumber);
  auto* as_json = verb->add_flag("--json", flags->as_json, "the modes as JSON");
  verb->add_flag("--csv", flags->as_csv, "the modes as CSV")->excludes(as_json);
  verb->add_flag("--curve", flags->curve, "with --json: the residuals and their spectrum")->needs(as_json);
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return prewhiten(*flags); }; });
}

void add_wavelet_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("wavelet", "which frequency is there when: weighted wavelet Z");
  auto flags = std::make_shared<WaveletFlags>();
  verb->add_option("file", flags->file, "CSV, TSV, ECSV, blank-separated or FITS")->required();
  add_read_flags(*verb, flags->read);
  verb->add_option("--min-period", flags->min_period, "shortest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--max-period", flags->max_period, "longest period [day]")->check(CLI::PositiveNumber);
  verb->add_option("--decay", flags->decay, "of the window; smaller sees more cycles")->check(CLI::PositiveNumber);
  verb->add_option("--frequencies", flags->frequencies, "rows of the map")->check(CLI::Range(2, 100000));
  verb->add_option("--times", flags->times, "columns of the map")->check(CLI::Range(2, 100000));
  verb->add_flag("--json", flags->as_json, "the ridge as JSON");
  verb->add_flag("--map", flags->map, "with --json: the whole map");
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return wavelet(*flags); }; });
}

void add_features_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("features", "numbers that describe a light curve: the sets of light-curve, FATS and cesium");
  auto flags = std::make_shared<FeaturesFlags>();
  verb->add_option("file", flags->file, "magnitudes or fluxes: CSV, TSV, ECSV, blank-separated or FITS; with bands: each, and their pairs")->required();
  add_read_flags(*verb, flags->read);
  verb->add_option("--set", flags->set, "published set")->check(CLI::IsMember({"light-curve", "fats", "cesium", "all"}));
  verb->add_option("--names", flags->names, "only these, as a,b,c")->delimiter(',');
  verb->add_flag("--no-periodic", flags->no_periodic, "without those that need a periodogram");
  verb->add_flag("--transient", flags->transient, "with fits of explosions (Bazin, Linexp, Villar), meant for fluxes");
  verb->add_option("--bootstrap", flags->bootstrap, "resamplings of the points for the errors")->check(CLI::Range(0, 1000000));
  verb->add_option("--seed", flags->seed, "of the resamplings");
  auto* as_json = verb->add_flag("--json", flags->as_json, "as JSON");
  verb->add_flag("--csv", flags->as_csv, "as CSV")->excludes(as_json);
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return features(*flags); }; });
}

void add_flatten_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("flatten", "a light curve without its slow trend, ready for a search of transits");
  auto flags = std::make_shared<FlattenFlags>();
  verb->add_option("file", flags->file, "flux or magnitudes: CSV, TSV, ECSV, blank-separated or FITS")->required();
  verb->add_option("-o,--output", flags->output, "CSV of time, flux or mag without the trend, its error, trend; none or -: standard output");
  add_read_flags(*verb, flags->read);
  verb->add_option("--window", flags->window, "full width of the window [day], three times the longest transit or more; savgol: points")
      ->required()->check(CLI::PositiveNumber);
  verb->add_option("--method", flags->method, "biweight, median, mean, hodges, welsch, huber, lowess, savgol, rspline, ...");
  verb->add_option("--break", flags->break_tolerance, "a longer gap begins a new piece [day]; 0: never; else half the window")->check(CLI::NonNegativeNumber);
  verb->add_option("--edge", flags->edge_cutoff, "no trend this close to the ends of a piece [day]")->check(CLI::NonNegativeNumber);
  verb->add_option("--tuning", flags->tuning, "constant of the method; else its own")->check(CLI::PositiveNumber);
  verb->add_option("--transit", flags->transit, "period,time,duration [day] of a known transit, not used for the trend")->delimiter(',')->expected(3);
  verb->add_flag("--quiet", flags->quiet, "no progress line");
  verb->callback([&action, flags] { action = [flags] { return flatten(*flags); }; });
}

void add_export_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("export", "one HTML file whose sliders stay live without a server");
  auto flags = std::make_shared<ExportFlags>();
  verb->add_option("what", flags->what, "a figure id, or your light curve (opens on the bench)")->required();
  verb->add_option("-o,--output", flags->output, "the HTML file; - for standard output")->required();
  add_state_flags(*verb, flags->set, flags->data);
  add_read_flags(*verb, flags->read);
  verb->callback([&action, flags] { action = [flags] { return export_page(*flags); }; });
}

}  // namespace

Action action_of(int argc, char** argv, int& exit_code) {
  CLI::App app{"Orrery: data-science methods of astronomy, with live figures"};
  app.set_version_flag("--version", "orrery " ORRERY_VERSION);
  app.require_subcommand(1);
  Action action;
  add_serve_verbs(app, action);
  add_figure_verbs(app, action);
  add_periodogram_verb(app, action);
  add_transits_verb(app, action);
  add_completeness_verb(app, action);
  add_rr_lyrae_verb(app, action);
  add_autocorrelation_verb(app, action);
  add_prewhiten_verb(app, action);
  add_wavelet_verb(app, action);
  add_features_verb(app, action);
  add_flatten_verb(app, action);
  add_export_verb(app, action);
  app.add_subcommand("pipe", "a live session on standard input and output (docs/guide/protocol.md)")->callback([&action] { action = pipe; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    exit_code = app.exit(e) == 0 ? kDone : kWrongInput;
    return {};
  }
  return action;
}

}  // namespace orrery::app
