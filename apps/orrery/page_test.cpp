#include "orrery/page.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "orrery/core/error.hpp"
#include "support/test.hpp"

using namespace orrery;
using namespace orrery::app;

namespace {
const std::string kTemplate =
    "<meta content=\"connect-src @ORRERY_CONNECT@\"><script type=\"application/json\" id=\"orrery-config\">@ORRERY_CONFIG@</script>\n"
    "<script type=\"application/octet-stream\" data-module=\"a\">AAAA</script>\n"
    "<script type=\"application/octet-stream\" data-module=\"ab\">BBBB</script>\n"
    "<script id=\"orrery-bundle\">write('<script type=\"application/octet-stream\" data-module=\"' + name);\nend()</script>";

std::string config_text(const std::string& html) {
  const auto begin = html.find("orrery-config\">") + 15;
  return html.substr(begin, html.find("</script>", begin) - begin);
}
}  // namespace

TEST_CASE("the page carries its state and data, and nothing in a user's file can end the script element") {
  const PageConfig config{.figure = "a.b", .values = {{"period", 0.5}, {"auto", live::Auto{}}},
                          .slots = {{"series", "x</script><script>alert(1)</script>.csv", "t,y\n1,2\n<!-- \n"}}, .single = true};
  const std::string html = filled_template(kTemplate, config);
  const std::string text = config_text(html);
  CHECK(text.find('<') == std::string::npos);
  const auto json = nlohmann::json::parse(text);
  CHECK(json["mode"] == "wasm");
  CHECK(json["values"]["period"] == 0.5);
  CHECK(json["values"]["auto"].is_null());
  CHECK(json["slots"][0]["name"] == "x</script><script>alert(1)</script>.csv");
  CHECK(html.find("connect-src 'none'") != std::string::npos);
}

TEST_CASE("a page of one figure carries the one module that computes it; a gallery carries all, and the list of figures") {
  const std::string one = filled_template(kTemplate, {.figure = "a.b", .single = true});
  CHECK(one.find("AAAA") != std::string::npos);
  CHECK(one.find("BBBB") == std::string::npos);
  CHECK(one.find("data-module=\"' + name);\nend()</script>") != std::string::npos);
  CHECK_FALSE(nlohmann::json::parse(config_text(one)).contains("figures"));
  const std::string other = filled_template(kTemplate, {.figure = "ab.c", .single = true});
  CHECK(other.find("AAAA") == std::string::npos);
  CHECK(other.find("BBBB") != std::string::npos);
  const std::string gallery = filled_template(kTemplate, {});
  CHECK(gallery.find("AAAA") != std::string::npos);
  CHECK(gallery.find("BBBB") != std::string::npos);
  const auto figures = nlohmann::json::parse(config_text(gallery))["figures"];
  CHECK(figures.size() >= 9);
  for (const auto& figure : figures) CHECK(figure["shelf"] != "hidden");
  CHECK_THROWS_AS((void)filled_template(kTemplate, {.figure = "b.a", .single = true}), InputError);
}

TEST_CASE("a server's page may connect to itself only; a broken template is refused") {
  CHECK(filled_template(kTemplate, {.server = true}).find("connect-src 'self'") != std::string::npos);
  CHECK_THROWS_AS((void)filled_template("<html></html>", {}), InputError);
}
