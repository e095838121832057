#include "prewhitening.hpp"

namespace orrery::statistics {

const std::string_view kPrewhiteningExplain = R"html(
<p>A star may beat with several periods, and a periodogram of gappy data shows each of them many times: at its true frequency and at the
side lobes and aliases of the sampling. <b>Prewhitening</b> finds the highest peak, fits a sinusoid there, subtracts it, and looks at the
spectrum of what is left; side lobes of the mode go with it. All modes found so far are fitted together, with free frequencies:</p>
<math display="block"><mi>y</mi><mo>(</mo><mi>t</mi><mo>)</mo><mo>=</mo><mi>c</mi><mo>+</mo><munder><mo>&#x2211;</mo><mi>j</mi></munder><msub><mi>A</mi><mi>j</mi></msub>
<mi>sin</mi><mo>[</mo><mn>2</mn><mi>&#x3C0;</mi><mo>(</mo><msub><mi>f</mi><mi>j</mi></msub><mi>t</mi><mo>+</mo><msub><mi>&#x3C6;</mi><mi>j</mi></msub><mo>)</mo><mo>]</mo></math>
<p><b>When to stop.</b> By custom a mode is believed when its amplitude is four times the mean of the residual amplitude spectrum around it
(the dashed line). With few points and many frequencies noise passes that too: then the false-alarm probability of the peak is the judge, and
the figure says so. Errors are those of the fit; for white noise of scatter <math><mi>s</mi></math> they tend to</p>
<math display="block"><msub><mi>&#x3C3;</mi><mi>A</mi></msub><mo>=</mo><msqrt><mfrac><mn>2</mn><mi>N</mi></mfrac></msqrt><mi>s</mi><mo>,</mo><mspace width="1em"/>
<msub><mi>&#x3C3;</mi><mi>f</mi></msub><mo>=</mo><msqrt><mfrac><mn>6</mn><mi>N</mi></mfrac></msqrt><mfrac><mi>s</mi><mrow><mi>&#x3C0;</mi><mi>T</mi><mi>A</mi></mrow></mfrac></math>
<p>and are too small when the noise is red. Two modes nearer than <math><mn>1.5</mn><mo>/</mo><mi>T</mi></math> pull each other. A mode at
<math><mn>2</mn><msub><mi>f</mi><mn>1</mn></msub></math> or <math><msub><mi>f</mi><mn>1</mn></msub><mo>+</mo><msub><mi>f</mi><mn>2</mn></msub></math> is no
new clock: it says that the curve is not a sine, or that two modes act on each other. Such modes carry their name in the last panel.</p>
<p><b>CLEAN</b> goes the other way: it takes the window out of the complex spectrum itself. The highest value of the residual spectrum
<math><mi>R</mi></math>, at <math><mi>p</mi></math>, belongs to a line and its image at <math><mo>&#x2212;</mo><mi>p</mi></math>,</p>
<math display="block"><mi>a</mi><mo>=</mo><mfrac><mrow><mi>R</mi><mo>(</mo><mi>p</mi><mo>)</mo><mo>&#x2212;</mo><msup><mi>R</mi><mo>*</mo></msup><mo>(</mo><mi>p</mi><mo>)</mo><mi>W</mi><mo>(</mo><mn>2</mn><mi>p</mi><mo>)</mo></mrow>
<mrow><mn>1</mn><mo>&#x2212;</mo><msup><mrow><mo>|</mo><mi>W</mi><mo>(</mo><mn>2</mn><mi>p</mi><mo>)</mo><mo>|</mo></mrow><mn>2</mn></msup></mrow></mfrac></math>
<p>a part of which, the gain, is taken away with all its side lobes; after 100 rounds what was taken is drawn again without them. It needs no model but
gives no errors, and its frequencies are those of a grid. The grey line is what one sinusoid alone would show through this
window: where spectrum and grey line agree there is nothing new.</p>
<p><b>What can go wrong.</b> If the highest peak is an alias, the wrong sinusoid is subtracted and leaves ghosts beside the true one. A period or amplitude that
changes leaves a forest around the mode. Taking more modes always lowers the scatter: below the limit it is noise that is fitted.</p>
)html";

}  // namespace orrery::statistics
