import * as v from "valibot";
import { sameJson } from "../blnk/json";
import { balance } from "./balance";
import { adoptMembers, misadoption } from "./balanceSetAdoption";
import { type BalanceSetInputs, balanceOf, checkMembers, type Member, markOfMember } from "./balanceSetInputs";
import { judgeMembers, lookForMembers, Sayings, tellOfLeaving, workOnMembers } from "./balanceSetMembers";
import { asked, askedBy, type BalanceSetState, type KnownMember, known, membersOf, stateWith } from "./balanceSetState";
import { ON_DELETE } from "./letGo";
import { type Lifecycle, type Run, Unfinished } from "./lifecycle";
import { parseMark } from "./mark";
import { calledBy } from "./marked";

type Members = Map<string, KnownMember>;

/** Many balances of one ledger as one thing. Each of them is made, looked at and let go of like a balance of its own. */
export const balanceSet: Lifecycle<BalanceSetInputs, BalanceSetState> = {
    noun: "balance set",
    inputs: {
        instance: v.string(),
        mark: v.string(),
        under: v.string(),
        onDelete: v.picklist(ON_DELETE),
        ledger: v.string(),
        balances: v.record(v.string(), v.unknown()),
    },
    required: ["ledger", "balances"],
    keptAsIs: [],
    replaceOn: ["ledger"],
    adoptsLater: true,

    identify: ({ ledger }) => ({ ledger }),
    inputsOf: askedBy,
    claims: (_id, { balances }, state) =>
        [...membersOf(state)].flatMap(([key, { id, currency }]) => {
            const member = balances[key];
            // In another currency it will be another balance.
            if (member?.currency !== currency) return [];
            return [id, ...Object.keys(member.metadata ?? {}).map((name) => `${id}/${name}`)];
        }),
    describe: ({ mark }, id) => `balance set ${calledBy(mark, id)}`,
    check: checkMembers,
    objection: (_run, _id, inputs, state) => misadoption(membersOf(state), inputs),
    foresee: (run, inputs, _adoption, { by, old }) => adoptMembers(run, inputs, by, old),

    async create(run, inputs) {
        if (run.replacing !== undefined) {
            const leaving = membersOf(run.replacing.state as BalanceSetState);
            await judgeMembers(run, inputs, leaving);
            for (const { id } of leaving.values()) run.alive.noteLetGo(id);
        }
        const id = `${inputs.ledger}/${parseMark(inputs.mark)?.name}`;
        const members: Members = new Map();
        await settle(run, id, { inputs, members });
        return { id, state: stateWith(inputs, members) };
    },

    read: (run, _id, state) => look(run, state),

    async update(run, id, state, inputs) {
        const members = membersOf(state);
        const leaving = [...members].filter(([key, { currency }]) => inputs.balances[key]?.currency !== currency);
        await judgeMembers(run, inputs, leaving);
        await settle(run, id, { inputs, members, state });
        tellOfLeaving(run, leaving);
        for (const [key] of leaving) if (inputs.balances[key] === undefined) members.delete(key);
        return stateWith(inputs, members);
    },

    async delete(run, _id, state) {
        const members = membersOf(state);
        await judgeMembers(run, state, members);
        tellOfLeaving(run, members);
    },
};

/** What a set is to become, what there is of it, and what the stack remembers of it, if anything. */
interface Course {
    readonly inputs: BalanceSetInputs;
    readonly members: Members;
    readonly state?: BalanceSetState;
}

/** Makes and changes members until they are as asked for, and notes in `members` what is done. */
async function settle(run: Run, id: string, { inputs, members, state }: Course): Promise<void> {
    const before = new Map(members);
    const isThere = (key: string, { currency }: Member) => before.get(key)?.currency === currency;
    const isSame = (key: string, member: Member) => {
        const there = before.get(key);
        return there !== undefined && state?.mark === inputs.mark && sameJson(asked(there), member);
    };
    const wanted = Object.entries(inputs.balances).filter(([key, member]) => !isSame(key, member));
    lookForMembers(
        run,
        inputs,
        wanted.filter(([key, member]) => !isThere(key, member)),
    );
    const wantedMembers = new Map(wanted);
    const failure = await workOnMembers(run, [...wantedMembers.keys()], async (memberRun, key) => {
        const member = wantedMembers.get(key) as Member;
        const old = before.get(key);
        const declared = balanceOf(inputs, key, member);
        if (old === undefined || state === undefined || !isThere(key, member)) {
            const made = await balance.create(memberRun, declared);
            members.set(key, known(made.id, made.state, member));
        } else {
            const remembered = { ...balanceOf(state, key, old), createdAt: "" };
            const now = await balance.update(memberRun, old.id, remembered, declared);
            members.set(key, known(old.id, now, member));
        }
    });
    if (failure === undefined) return;
    const { key, error, done } = failure;
    const reason = error instanceof Error ? error.message : String(error);
    const text = `balance "${key}": ${reason} Of ${wanted.length} balances ${done} are done, and stay; the rest follow with the next run.`;
    // Nothing that is there needs no entry in the state: marks find what a cut-off answer may have left.
    if (members.size === 0) throw new Error(text, { cause: error });
    throw new Unfinished(text, id, stateWith(inputs, members), { cause: error });
}

/** So many members may be gone without suspicion. */
const FEW_GONE = 2;

/** The set as it is now. A member that is gone is left out, so that the next preview shows that it would be made. */
async function look(run: Run, state: BalanceSetState): Promise<BalanceSetState> {
    const members = membersOf(state);
    const found: Members = new Map();
    const sayings = new Sayings();
    await Promise.all(
        [...members].map(async ([key, member]) => {
            const remembered = { ...balanceOf(state, key, member), createdAt: "" };
            const now = await balance.read(sayings.of(run, key), member.id, remembered);
            if (now === undefined) return;
            const hasLostMark = !member.unmarked && now.mark !== markOfMember(state.mark, key, member);
            found.set(key, { ...known(member.id, now, member), ...(hasLostMark ? { lostMark: true } : {}) });
        }),
    );
    sayings.tell(run);
    const gone = members.size - found.size;
    if (gone > FEW_GONE && gone * 2 > members.size) throw new Error(suspicion(gone, members.size));
    return stateWith(state, found);
}

function suspicion(gone: number, all: number): string {
    return (
        `${gone} of its ${all} balances are gone. This looks like another database, and nothing was dropped from the ` +
        `state. Check the address; if they really are gone, run "pulumi state delete" for the set.`
    );
}
