// The controls of a figure: one rail, in groups, each with its value to edit, its unit and its buttons.
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { rowCount } from '../state';
import { kMinus, shortUnit } from '../text';
import type { Action, ControlSpec, ControlState, FigureSpec, Value, Values } from '../types';
import './number_field';
import { fieldText } from './number_field';
import { fromPlace, settle, stepped, toPlace, type Track } from './scale';

export interface RailModel {
  spec: FigureSpec;
  values: Values;
  states: Record<string, ControlState>;
  actions: Action[];
  set(name: string, value: Value): void;
  commit(): void;
}

interface One {
  model: RailModel;
  control: ControlSpec;
  state: ControlState;
  value: Value;
  track: Track;
  disabled: boolean;
}

const kSegments = 6;
const kKeys: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

function trackOf(control: ControlSpec, state: ControlState): Track {
  const low = state.low ?? control.low;
  const high = Math.max(state.high ?? control.high, low);
  return { low, high, step: control.step, log: control.scale === 'log', whole: control.kind === 'integer' };
}

function range(one: One, value: number, label: string, put: (value: number) => void, extra = ''): TemplateResult {
  const { track } = one;
  const place = toPlace(track, value);
  const [low, high] = [toPlace(track, track.low), toPlace(track, track.high)];
  const fill = high > low ? (100 * (place - low)) / (high - low) : 0;
  const unit = shortUnit(one.control.unit);
  const key = (event: KeyboardEvent): void => {
    const steps = kKeys[event.key];
    if (steps === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    put(stepped(track, value, event.shiftKey ? steps / 10 : steps));
    one.model.commit();
  };
  return html`<input type="range" class=${extra} style="--at:${Math.max(0, Math.min(100, fill)).toFixed(2)}%"
    min=${low} max=${high} step=${!isFinite(track.step) || track.log || (track.step === 0 && !track.whole) ? 'any' : track.step || 1} .value=${live(String(place))}
    aria-label=${label} aria-valuetext=${`${fieldText(value)}${unit ? ` ${unit}` : ''}`} ?disabled=${one.disabled}
    @input=${(e: Event) => put(fromPlace(track, Number((e.currentTarget as HTMLInputElement).value)))} @change=${() => one.model.commit()} @keydown=${key}>`;
}

function field(one: One, value: number | null, label: string, put: (value: number) => void): TemplateResult {
  const finish = (v: number): void => {
    put(v);
    one.model.commit();
  };
  return html`<orrery-number .value=${value} unit=${one.control.unit} label=${label} ?disabled=${one.disabled}
    .onnumber=${(v: number) => finish(settle(one.track, v))} .onstep=${(n: number) => finish(stepped(one.track, value ?? one.track.low, n))}></orrery-number>`;
}

function slider(one: One): TemplateResult {
  const { control, model } = one;
  const auto = one.value === null;
  const shown = auto ? one.state.value : one.value;
  // The engine's own choice is shown with the digits a reader can use; what a user typed is shown as typed.
  const number = typeof shown !== 'number' ? null : auto ? Number(shown.toPrecision(7)) : shown;
  const put = (v: number): void => model.set(control.name, v);
  const choose = (): void => {
    model.set(control.name, auto && number !== null ? number : null);
    model.commit();
  };
  const chooses = control.start === null
    ? html`<button type="button" class="auto" aria-pressed=${auto ? 'true' : 'false'} aria-label=${`${control.label}: auto, the engine chooses`} title="the engine chooses" ?disabled=${one.disabled} @click=${choose}>auto</button>`
    : nothing;
  return html`<div class="line"><span class="name">${control.label}</span><span class="pair">${chooses}${field(one, number, control.label, put)}</span></div>
    ${control.on_plot_only ? nothing : range(one, number ?? one.track.low, control.label, put)}`;
}

function twoThumbs(one: One): TemplateResult {
  const { control, model, track } = one;
  const [low, high] = one.value as [number, number];
  const putLow = (v: number): void => model.set(control.name, [Math.min(v, high), high]);
  const putHigh = (v: number): void => model.set(control.name, [low, Math.max(v, low)]);
  const [from, to] = [toPlace(track, track.low), toPlace(track, track.high)];
  const percent = (v: number): string => `${((100 * (toPlace(track, v) - from)) / (to - from || 1)).toFixed(2)}%`;
  return html`<div class="line"><span class="name">${control.label}</span>
      <span class="pair">${field(one, low, `${control.label}, from`, putLow)}<span class="to">–</span>${field(one, high, `${control.label}, to`, putHigh)}</span></div>
    ${control.on_plot_only ? nothing : html`<div class="two" style="--from:${percent(low)};--to:${percent(high)}">
      ${range(one, low, `${control.label}, from`, putLow, 'thumb')}${range(one, high, `${control.label}, to`, putHigh, 'thumb')}</div>`}`;
}

function choice(one: One): TemplateResult {
  const { control, model } = one;
  const choices = one.state.choices ?? control.choices;
  const current = one.value ?? one.state.value ?? choices[0];
  const pick = (value: string): void => {
    model.set(control.name, value);
    model.commit();
  };
  if (choices.length > kSegments) {
    return html`<label class="line"><span class="name">${control.label}</span><select ?disabled=${one.disabled} .value=${live(String(current))}
      @change=${(e: Event) => pick((e.currentTarget as HTMLSelectElement).value)}>
      ${choices.map((c) => html`<option value=${c} ?selected=${c === current}>${c}</option>`)}</select></label>`;
  }
  const name = `${model.spec.figure.id}-${control.name}`;
  return html`<div role="radiogroup" aria-label=${control.label}><div class="line"><span class="name">${control.label}</span></div>
    <div class="segments">${choices.map((c) => html`<label><input type="radio" name=${name} .checked=${live(c === current)} value=${c} ?disabled=${one.disabled}
      @change=${() => pick(c)}><span>${c}</span></label>`)}</div></div>`;
}

function toggle(one: One): TemplateResult {
  const flip = (e: Event): void => {
    one.model.set(one.control.name, (e.currentTarget as HTMLInputElement).checked);
    one.model.commit();
  };
  return html`<label class="check"><input type="checkbox" .checked=${live(one.value === true)} ?disabled=${one.disabled} @change=${flip}><span>${one.control.label}</span></label>`;
}

function point(one: One): TemplateResult {
  const { control, model } = one;
  const [x, y] = one.value as [number, number];
  return html`<div class="line"><span class="name">${control.label}</span><span class="pair">
    ${field(one, x, `${control.label}, x`, (v) => model.set(control.name, [v, y]))}<span class="to">,</span>
    ${field(one, y, `${control.label}, y`, (v) => model.set(control.name, [x, v]))}</span></div>`;
}

function rows(one: One): TemplateResult {
  const count = rowCount((one.value as number[] | null) ?? []);
  const clear = (): void => {
    one.model.set(one.control.name, []);
    one.model.commit();
  };
  return html`<div class="line"><span class="name">${one.control.label}</span><span class="rows"><b>${count}</b> masked
    <button type="button" ?disabled=${count === 0 || one.disabled} @click=${clear}>clear mask</button></span></div>`;
}

const kDraw: Record<ControlSpec['kind'], (one: One) => TemplateResult> = { slider, integer: slider, range: twoThumbs, choice, toggle, point, rows };

const sameValue = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);

function buttons(one: One): TemplateResult | typeof nothing {
  const { model, control } = one;
  const actions = model.actions.filter((a) => a.control === control.name);
  if (actions.length === 0) return nothing;
  const press = (value: Value): void => {
    model.set(control.name, value);
    model.commit();
  };
  return html`<div class="buttons" role="group" aria-label=${`${control.label}: set to`}>
    ${actions.map((a) => html`<button type="button" title=${a.help || nothing} aria-pressed=${sameValue(one.value, a.value) ? 'true' : 'false'}
      ?disabled=${one.disabled} @click=${() => press(a.value)}>${a.label.replace(/^-/, kMinus)}</button>`)}</div>`;
}

function control(model: RailModel, spec: ControlSpec): TemplateResult {
  const state = model.states[spec.name] ?? {};
  const one: One = { model, control: spec, state, value: model.values[spec.name] ?? spec.start, track: trackOf(spec, state), disabled: !!state.disabled };
  if (model.values[spec.name] === null) one.value = null;
  return html`<div class="control" data-control=${spec.name} title=${spec.help || nothing}>
    ${kDraw[spec.kind](one)}${buttons(one)}
    ${state.disabled ? html`<p class="reason">${state.disabled}</p>` : nothing}</div>`;
}

/** All controls by group; those without a group stand first. */
export function renderRail(model: RailModel): TemplateResult {
  const groups = new Map<string, ControlSpec[]>();
  for (const spec of model.spec.controls) groups.set(spec.group, [...(groups.get(spec.group) ?? []), spec]);
  return html`${[...groups].map(([name, specs]) => html`<fieldset>${name ? html`<legend>${name}</legend>` : html`<legend class="none">Controls</legend>`}
    ${specs.map((spec) => control(model, spec))}</fieldset>`)}`;
}
