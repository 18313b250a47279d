import * as v from "valibot";
import { sameJson } from "../blnk/json";
import { balance } from "./balance";
import { adoptMembers, misadoption, newlyAdopted } from "./balanceSetAdoption";
import {
    type BalanceSetInputs,
    balanceOf,
    checkMembers,
    describeChange,
    type Member,
    markOfMember,
} from "./balanceSetInputs";
import { judgeMembers, lookForMembers, Sayings, tellOfLeaving, workOnMembers } from "./balanceSetMembers";
import { asked, askedBy, type BalanceSetState, type KnownMember, known, membersOf, stateWith } from "./balanceSetState";
import { ON_DELETE } from "./letGo";
import type { Lifecycle, Run } from "./lifecycle";
import { parseMark } from "./mark";
import { calledBy, claimsOf } from "./marked";

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
    adoptedIds: ({ balances }) => Object.values(balances ?? {}).flatMap(({ adopted }) => adopted ?? []),
    adoptsMore: (inputs, old) => newlyAdopted(inputs, old).length > 0,

    identify: ({ ledger }) => ({ ledger }),
    inputsOf: askedBy,
    claims(_id, inputs, state) {
        const wanted = new Map(Object.entries(inputs.balances));
        return [...membersOf(state)].flatMap(([key, { id, currency }]) => {
            const member = wanted.get(key);
            // In another currency it will be another balance.
            if (member?.currency !== currency) return [];
            return claimsOf(id, balanceOf(inputs, key, member));
        });
    },
    describe: ({ mark }, id) => `balance set ${calledBy(mark, id)}`,
    check: checkMembers,
    describeChange,
    objection: (_run, _id, inputs, state) => misadoption(membersOf(state), inputs),
    foresee: (run, inputs, _adoption, { by, old }) => adoptMembers(run, inputs, by, old),

    async create(run, inputs) {
        if (run.replacing !== undefined) {
            const leaving = membersOf(run.replacing.state as BalanceSetState);
            await judgeMembers(run, inputs, leaving);
            for (const { id } of leaving.values()) run.alive.noteLetGo(id);
        }
        const members = await settle(run, inputs, new Map());
        return { id: `${inputs.ledger}/${parseMark(inputs.mark)?.name}`, state: stateWith(inputs, members) };
    },

    read: (run, _id, state) => look(run, state),

    async update(run, _id, state, inputs) {
        const before = membersOf(state);
        const wanted = new Map(Object.entries(inputs.balances));
        const leaving = [...before].filter(([key, { currency }]) => wanted.get(key)?.currency !== currency);
        await judgeMembers(run, inputs, leaving);
        const members = await settle(run, inputs, before, state);
        tellOfLeaving(run, leaving);
        return stateWith(inputs, members);
    },

    async delete(run, _id, state) {
        const members = membersOf(state);
        await judgeMembers(run, state, members);
        tellOfLeaving(run, members);
    },
};

/**
 * Makes and changes members until they are as asked for. When one fails all that is done stays in Blnk and nothing is said
 * of it in the state: the next run finds what was made by the marks, and what was changed is then changed already.
 */
async function settle(
    run: Run,
    inputs: BalanceSetInputs,
    before: ReadonlyMap<string, KnownMember>,
    state?: BalanceSetState,
): Promise<Members> {
    const wanted = new Map(Object.entries(inputs.balances));
    const members: Members = new Map();
    for (const [key, there] of before) {
        const isSame = state?.mark === inputs.mark && sameJson(asked(there), wanted.get(key));
        if (isSame) members.set(key, there);
    }
    const isThere = (key: string, { currency }: Member) => before.get(key)?.currency === currency;
    const unsettled = [...wanted].filter(([key]) => !members.has(key));
    lookForMembers(
        run,
        inputs,
        unsettled.filter(([key, member]) => !isThere(key, member)),
    );
    const failure = await workOnMembers(run, unsettled, async (memberRun, key, member) => {
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
    if (failure === undefined) return members;
    const { key, error, done } = failure;
    const reason = error instanceof Error ? error.message : String(error);
    const made =
        ` Done: ${done} of ${unsettled.length} balances, which stay in Blnk; the next run finds them by their marks and goes on ` +
        `with the rest.`;
    throw new Error(`balance "${key}": ${reason}${done === 0 ? "" : made}`, { cause: error });
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
            const memberRun = sayings.of(run, key);
            const now = await balance.read(memberRun, member.id, remembered);
            if (now === undefined) {
                memberRun.warn(`${member.id} is gone from Blnk, and dropped from the state. "pulumi up" makes another`);
                return;
            }
            const hasLostMark = !member.unmarked && now.mark !== markOfMember(state.mark, key, member);
            found.set(key, { ...known(member.id, now, member), ...(hasLostMark ? { lostMark: true } : {}) });
        }),
    );
    const gone = members.size - found.size;
    if (gone > FEW_GONE && gone * 2 > members.size) throw new Error(suspicion(gone, members.size));
    sayings.tell(run);
    return stateWith(state, found);
}

function suspicion(gone: number, all: number): string {
    return (
        `${gone} of its ${all} balances are gone. This looks like another database, and nothing was dropped from the ` +
        `state. Check the address; if they really are gone, run "pulumi state delete" for the set.`
    );
}
