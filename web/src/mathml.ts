// Brackets around something low stay low: MathML stretches a bracket to the tallest thing in its row, not to what it encloses.

const kOpen = new Set(['(', '[', '{', '|', '⟨']);
const kClose = new Set([')', ']', '}', '|', '⟩']);
const kTall = 'mfrac, munder, mover, munderover, mtable, msqrt, mroot';

const isMo = (node: Element): boolean => node.localName === 'mo';
const text = (node: Element): string => node.textContent?.trim() ?? '';

/** Stops brackets from stretching where what lies between them (in the same row) is not tall. */
export function tameBrackets(root: ParentNode): void {
  for (const row of root.querySelectorAll('math, mrow, mtd')) {
    const open: number[] = [];
    const children = [...row.children];
    children.forEach((child, k) => {
      const base = isMo(child) ? child : isMo(child.firstElementChild ?? child) ? child.firstElementChild! : child; // ")" with an exponent
      if (!isMo(base)) return;
      const sign = text(base);
      const closes = kClose.has(sign) && open.length > 0 && !(sign === '|' && text(children[open.at(-1)!]!) !== '|');
      if (closes) {
        const from = open.pop()!;
        const inside = children.slice(from + 1, k);
        if (inside.some((c) => c.matches(kTall) || c.querySelector(kTall))) return;
        children[from]!.setAttribute('stretchy', 'false');
        base.setAttribute('stretchy', 'false');
      } else if (kOpen.has(sign) && isMo(child)) open.push(k);
    });
  }
}
