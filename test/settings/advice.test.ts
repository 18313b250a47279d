import { expect } from "chai";
import { unknownKey, unknownKeys } from "../../provider/settings/advice";

describe("a configuration key that is no setting", () => {
    it("is told from settings and from the keys of others, whatever its case", () => {
        const keys = ["blnk:owner", "aws:region", "blnk:Owner", "Blnk:owner", "blnk:", "blnker:owner"];
        expect(unknownKeys(keys)).to.deep.equal(["blnk:Owner", "Blnk:owner", "blnk:"]);
    });

    const meant: [key: string, name: string | undefined][] = [
        ["blnk:instance", "blnk:instanceId"],
        ["blnk:instance_id", "blnk:instanceId"],
        ["blnk:acessToken", "blnk:accessToken"],
        ["blnk:timeout", undefined],
        ["blnk:coreURL", "blnk:coreUrl"],
        ["Blnk:owner", "blnk:owner"],
        ["blnk:region", undefined],
    ];
    for (const [key, name] of meant) {
        it(`${key}: ${name ?? "nothing"} is meant`, () => {
            if (name === undefined) expect(unknownKey(key)).not.to.contain("did you mean");
            else expect(unknownKey(key)).to.contain(`, and is ignored (did you mean "${name}"?); there are blnk:`);
        });
    }
});
