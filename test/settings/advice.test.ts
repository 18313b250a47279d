import { expect } from "chai";
import { unknownKey, unknownKeys } from "../../provider/settings/advice";

describe("an unknown configuration key", () => {
    it("is found among known settings and keys of other packages, in any case", () => {
        const keys = ["blnk:owner", "aws:region", "blnk:Owner", "Blnk:owner", "blnk:", "blnker:owner"];
        expect(unknownKeys(keys)).to.deep.equal(["blnk:Owner", "Blnk:owner", "blnk:"]);
    });

    const suggestions: [key: string, name: string | undefined][] = [
        ["blnk:instance", "blnk:instanceId"],
        ["blnk:instance_id", "blnk:instanceId"],
        ["blnk:acessToken", "blnk:accessToken"],
        ["blnk:timeout", undefined],
        ["blnk:coreURL", "blnk:coreUrl"],
        ["Blnk:owner", "blnk:owner"],
        ["blnk:region", undefined],
    ];
    for (const [key, name] of suggestions) {
        it(`${key}: the warning suggests ${name ?? "nothing"}`, () => {
            if (name === undefined) expect(unknownKey(key)).not.to.contain("Did you mean");
            else
                expect(unknownKey(key)).to.contain(
                    `Unknown setting ${key} (ignored). Did you mean ${name}? Known settings: blnk:`,
                );
        });
    }
});
