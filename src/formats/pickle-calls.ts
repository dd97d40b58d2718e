import { type Budget, OBJECT_BYTES } from './budget.ts';
import { damagedPickle, type PickleConstructor, PickleGlobal, PickleObject, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';

/** Calls that run a command or a program text: no data file has them, a file that attacks Python has. */
const COMMANDS =
  /^((os|posix|nt)\.(system|popen|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|startfile)|subprocess\.(Popen|run|call|check_call|check_output|getoutput|getstatusoutput)|(__builtin__|builtins)\.(eval|exec|execfile|__import__)|pty\.spawn|runpy\.\w+|commands\.\w+)$/;

/** The names that a pickle mentions, and its calls: nothing is looked up outside of the known names, nothing is run. */
export class PickleCalls {
  readonly #known: ReadonlyMap<string, PickleConstructor>;
  readonly #budget: Budget;
  /** A name is kept once: "torch.FloatStorage" comes with every tensor. */
  readonly #globals = new Map<string, PickleGlobal>();

  constructor(known: ReadonlyMap<string, PickleConstructor>, budget: Budget) {
    this.#known = known;
    this.#budget = budget;
  }

  /** The name, as a value. */
  global(name: string): PickleGlobal {
    const met = this.#globals.get(name);
    if (met !== undefined) return met;
    this.#budget.charge(OBJECT_BYTES);
    const global = new PickleGlobal(name);
    this.#globals.set(name, global);
    return global;
  }

  /** The result of a call of that name. @throws FormatProblem for one that runs commands */
  construct(callable: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
    if (!Array.isArray(args)) throw damagedPickle('a call without arguments');
    const name = callable instanceof PickleGlobal ? callable.name : '';
    if (COMMANDS.test(name)) {
      throw new FormatProblem(
        'forbidden',
        `The file asks for "${name}", which runs commands in Python; nothing of it was run.`,
        'No model or data set needs that: do not open the file in Python unless you know where it comes from.',
      );
    }
    this.#budget.charge(OBJECT_BYTES);
    return this.#known.get(name)?.(args, this.#budget) ?? new PickleObject(name, args);
  }
}
