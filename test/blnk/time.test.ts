import { expect } from "chai";
import fc from "fast-check";
import { toMicroseconds } from "../../provider/blnk/time";

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");
const goTime = fc
    .record({
        at: fc.date({ min: new Date("1900-01-02"), max: new Date("2200-01-01"), noInvalidDate: true }),
        fraction: fc.stringMatching(/^\d{0,9}$/),
        zone: fc.oneof(
            fc.constant("Z"),
            fc
                .tuple(fc.constantFrom("+", "-"), fc.nat(14), fc.nat(59))
                .map(([sign, hours, minutes]) => `${sign}${pad(hours)}:${pad(minutes)}`),
        ),
    })
    .map(({ at, fraction, zone }) => `${at.toISOString().slice(0, 19)}${fraction && `.${fraction}`}${zone}`);

describe("times of Blnk", () => {
    it("are UTC with at most six digits and without trailing zeros", () => {
        fc.assert(
            fc.property(goTime, (time) => {
                expect(toMicroseconds(time)).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?Z$/);
            }),
        );
    });

    it("do not change when cut again", () => {
        fc.assert(
            fc.property(goTime, (time) => {
                expect(toMicroseconds(toMicroseconds(time))).to.equal(toMicroseconds(time));
            }),
        );
    });

    it("name the same millisecond as before", () => {
        fc.assert(
            fc.property(goTime, (time) => {
                expect(Date.parse(toMicroseconds(time))).to.equal(Date.parse(time));
            }),
        );
    });

    for (const [given, cut] of [
        ["2026-08-22T12:15:30.070502999+02:00", "2026-08-22T10:15:30.070502Z"],
        ["2026-08-22T10:15:30.070500Z", "2026-08-22T10:15:30.0705Z"],
        ["2026-08-22T10:15:30.000000Z", "2026-08-22T10:15:30Z"],
        ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
        ["yesterday", "yesterday"],
        ["2026-13-45T99:00:00Z", "2026-13-45T99:00:00Z"],
    ] as const) {
        it(`${given} is ${cut}`, () => {
            expect(toMicroseconds(given)).to.equal(cut);
        });
    }
});
