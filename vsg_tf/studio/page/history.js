// Undo and redo without limit: states of the project, of which the parts that are equal are shared.

export class History {
  constructor(state) {
    this.past = [];
    this.state = state;
    this.future = [];
    this.merging = null;
  }

  /** Go to another state. Changes with one `merge` name in a row are one step back. */
  push(state, merge = null) {
    if (merge === null || merge !== this.merging) this.past.push(this.state);
    this.merging = merge;
    this.state = state;
    this.future = [];
  }

  /** What follows is a step of its own. */
  settle() { this.merging = null; }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.state);
    this.state = this.past.pop();
    this.merging = null;
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.state);
    this.state = this.future.pop();
    this.merging = null;
    return true;
  }
}
