#include "light_curve.hpp"

namespace orrery::bench {

const std::string_view kLightCurveExplain = R"html(
<p>At every trial frequency <math><mi>f</mi></math> a periodic model is fitted by weighted least squares; each band
<math><mi>b</mi></math> has its own mean and its own amplitudes, and all bands share the frequency:</p>
<math display="block"><msub><mi>m</mi><mi>b</mi></msub><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo><msub><mi>c</mi><mi>b</mi></msub><mo>+</mo>
<munderover><mo>&#x2211;</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow><mi>K</mi></munderover>
<mrow><msub><mi>p</mi><mrow><mi>b</mi><mi>k</mi></mrow></msub><mi>cos</mi><mo>(</mo><mn>2</mn><mi>&#x3C0;</mi><mi>k</mi><mi>f</mi><mi>t</mi><mo>)</mo>
<mo>+</mo><msub><mi>q</mi><mrow><mi>b</mi><mi>k</mi></mrow></msub><mi>sin</mi><mo>(</mo><mn>2</mn><mi>&#x3C0;</mi><mi>k</mi><mi>f</mi><mi>t</mi><mo>)</mo></mrow></math>
<p>The power is the share of the scatter that the model removes. It is 1 for a perfect fit and near 0 for noise; with several bands
the reductions of <math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> are added before the division:</p>
<math display="block"><mi>P</mi><mo>(</mo><mi>f</mi><mo>)</mo><mo>=</mo><mn>1</mn><mo>&#x2212;</mo>
<mfrac><mrow><msup><mi>&#x3C7;</mi><mn>2</mn></msup><mo>(</mo><mi>f</mi><mo>)</mo></mrow><msubsup><mi>&#x3C7;</mi><mn>0</mn><mn>2</mn></msubsup></mfrac>
<mo>,</mo><mspace width="1em"/><msup><mi>&#x3C7;</mi><mn>2</mn></msup><mo>=</mo><munder><mo>&#x2211;</mo><mi>i</mi></munder>
<msup><mrow><mo>(</mo><mfrac><mrow><msub><mi>y</mi><mi>i</mi></msub><mo>&#x2212;</mo><mi>m</mi><mo>(</mo><msub><mi>t</mi><mi>i</mi></msub><mo>)</mo></mrow>
<msub><mi>&#x3C3;</mi><mi>i</mi></msub></mfrac><mo>)</mo></mrow><mn>2</mn></msup></math>
<p>The grid has a step of 1/(oversampling &#xD7; baseline), because two frequencies closer than 1/baseline cannot be told apart. The
highest peak is refined on the exact model. With more than one harmonic the model at twice or three times the true period fits
at least as well; when the shorter period fits equally well, it is taken.</p>
<p><b>False-alarm probability.</b> How often pure noise, sampled like this star and searched over the same range, would give a peak
as high (Baluev's upper limit from the theory of extreme values). For one sinusoid and <math><mi>N</mi></math> points it is</p>
<math display="block"><mi>FAP</mi><mo>&#x2248;</mo><mn>1</mn><mo>&#x2212;</mo><mo>[</mo><mn>1</mn><mo>&#x2212;</mo>
<msup><mrow><mo>(</mo><mn>1</mn><mo>&#x2212;</mo><mi>P</mi><mo>)</mo></mrow><mrow><mo>(</mo><mi>N</mi><mo>&#x2212;</mo><mn>3</mn><mo>)</mo><mo>/</mo><mn>2</mn></mrow></msup><mo>]</mo>
<msup><mi>e</mi><mrow><mo>&#x2212;</mo><mi>&#x3C4;</mi><mo>(</mo><mi>P</mi><mo>)</mo></mrow></msup></math>
<p>where <math><mi>&#x3C4;</mi></math> grows with the searched range times the baseline. It answers "is anything periodic here?" and not
"is this the right period?": an alias of the true period has a tiny false-alarm probability too. It knows nothing of red noise, of
trends, or of errors that are correlated.</p>
<p><b>Error of the period.</b> The frequency is a parameter of the fit like the others; its variance follows from the curvature of
<math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> at the peak with all other parameters free, times
<math><msup><mi>&#x3C7;</mi><mn>2</mn></msup><mo>/</mo><mi>dof</mi></math> when that is above 1 (the quoted errors are then too small, or the curve is not made of
<math><mi>K</mi></math> harmonics), and</p>
<math display="block"><msub><mi>&#x3C3;</mi><mi>period</mi></msub><mo>=</mo><msup><mi>period</mi><mn>2</mn></msup><msub><mi>&#x3C3;</mi><mi>f</mi></msub></math>
<p>It is the width of this peak. That another peak may be the right one is told by the list of aliases, not by the error.</p>
<p><b>Aliases.</b> Observing once a night leaves frequencies that differ by whole numbers per sidereal or solar day (and, for seasons,
per year) nearly alike: <math><msub><mi>f</mi><mi>alias</mi></msub><mo>=</mo><mo>|</mo><mi>f</mi><mo>&#xB1;</mo><mi>n</mi><msub><mi>f</mi><mi>s</mi></msub><mo>|</mo></math>.
The difference in <math><msup><mi>&#x3C7;</mi><mn>2</mn></msup></math> says how much worse the rival is, here divided by
<math><msup><mi>&#x3C7;</mi><mn>2</mn></msup><mo>/</mo><mi>dof</mi></math> of the better model when that is above 1; below about 16 the data do not decide.</p>
<p><b>Clip.</b> Points farther from the model at the best peak than so many times their error (times the robust scatter when that is larger)
are left out, and the search is repeated. They stay visible.</p>
<p>Sources: Zechmeister &amp; K&#xFC;rster 2009, A&amp;A 496, 577 (floating mean); Palmer 2009, ApJ 695, 496 (harmonics);
Baluev 2008, MNRAS 385, 1279 and 2009, MNRAS 395, 1541 (false alarms); VanderPlas 2018, ApJS 236, 16 (practice, aliases);
VanderPlas &amp; Ivezi&#x107; 2015, ApJ 812, 18 (several bands).</p>
)html";

}  // namespace orrery::bench
