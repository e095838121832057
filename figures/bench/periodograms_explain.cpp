#include "periodograms.hpp"

namespace orrery::statistics {

const std::string_view kPeriodogramsExplain = R"html(
<p>All these statistics fold the series at a trial period and ask how orderly the fold is. They differ in what they call order, so that each
has its own blind spots: where many agree, the period is hardly an accident of one of them.</p>
<p><b>Lomb–Scargle</b> and <b>variance ratio</b> fit harmonics by least squares; the second divides what is explained by what is left, each by
its degrees of freedom, and follows Fisher's F for noise:</p>
<math display="block"><mi>&#x398;</mi><mo>=</mo><mfrac><mrow><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>2</mn><mi>K</mi><mo>&#x2212;</mo><mn>1</mn><mo>)</mo><mi>P</mi></mrow>
<mrow><mn>2</mn><mi>K</mi><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>P</mi><mo>)</mo></mrow></mfrac></math>
<p><b>Phase dispersion</b> compares the scatter inside bins of phase with that of the whole series,
<math><mi>&#x3B8;</mi><mo>=</mo><msup><mi>s</mi><mn>2</mn></msup><mo>/</mo><msup><mi>&#x3C3;</mi><mn>2</mn></msup></math>. <b>Entropy</b> counts
points in cells of phase and value and asks how much the value is still unknown when the phase is known:</p>
<math display="block"><mi>H</mi><mo>=</mo><munder><mo>&#x2211;</mo><mrow><mi>i</mi><mi>j</mi></mrow></munder><msub><mi>p</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>
<mi>ln</mi><mfrac><msub><mi>p</mi><mi>j</mi></msub><msub><mi>p</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub></mfrac></math>
<p><b>String length</b> joins the points in the order of their phases and adds the squares of the steps:</p>
<math display="block"><mi>T</mi><mo>&#x221D;</mo><munder><mo>&#x2211;</mo><mi>i</mi></munder><msup><mrow><mo>(</mo><msub><mi>y</mi><mrow><mi>i</mi><mo>+</mo><mn>1</mn></mrow></msub>
<mo>&#x2212;</mo><msub><mi>y</mi><mi>i</mi></msub><mo>)</mo></mrow><mn>2</mn></msup></math>
<p><b>Mutual information</b> measures how far the joint density of phase and value, from kernels, is from the product of the two
(Cauchy–Schwarz divergence): <math><mi>I</mi><mo>=</mo><mi>ln</mi><mo>(</mo><msub><mi>V</mi><mi>J</mi></msub><msub><mi>V</mi><mi>M</mi></msub><mo>/</mo>
<msubsup><mi>V</mi><mi>C</mi><mn>2</mn></msubsup><mo>)</mo></math>. <b>Super smoother</b> draws a curve whose width follows the data, and judges it by the
points left out. The <b>box search</b> looks for a flat dip, and is at home with eclipses.</p>
<p><b>How to read the rows.</b> Each curve runs from its own median, at the line, to its best, at the dot; minima are turned over. A row with one
tall spike is sure of itself; a hedge means that many periods do as well. Statistics that sort or bin like multiples of the period, because a
fold at twice the period is as orderly; those of few harmonics like half of it when the curve has two humps. The panel of candidates shows the
multiples directly.</p>
<p><b>What they cost and miss.</b> Binned statistics are blind to what is narrower than a bin. The string needs many points a cycle and little
noise. Entropy does not know errors. All of them fall for the aliases of the sampling; agreement between them is no proof against an alias,
for they all see the same times.</p>
<p>Sources: Graham et al. 2013, MNRAS 434, 3423 (comparison) and 2629 (entropy); Stellingwerf 1978, ApJ 224, 953; Schwarzenberg-Czerny 1996,
ApJ 460, L107; Lafler &amp; Kinman 1965, ApJS 11, 216; Clarke 2002, A&amp;A 386, 763; Huijse et al. 2018, ApJS 236, 12; Friedman 1984;
Reimann 1994; Kov&#xE1;cs et al. 2002, A&amp;A 391, 369.</p>
)html";

}  // namespace orrery::statistics
