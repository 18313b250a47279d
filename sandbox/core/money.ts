interface Decimal {
    units: bigint;
    /** Digits after the point. */
    scale: number;
}

/** Minor units of an amount: amount x precision, rounded half away from zero, in decimal arithmetic. */
export function minorUnits(amount: string, precision: string): bigint {
    const a = decimal(amount);
    const p = decimal(precision);
    return roundAway(a.units * p.units, 10n ** BigInt(a.scale + p.scale));
}

/** The number of digits that Core counts in an amount: all from the first that is not 0, trailing zeros of a whole one too. */
export function writtenDigits(amount: number): number {
    const text = Number.isInteger(amount) ? BigInt(amount).toString() : (amount.toExponential().split("e")[0] ?? "");
    return text.replace(/\D/g, "").length;
}

// How many digits after the point Core's division goes on for.
const places = 16;

/**
 * The text of minor units divided by the precision: exact as far as it ends within 16 digits after the point, else rounded
 * there, half away from zero. Read as a number, it is the double that Core shows.
 */
export function majorText(units: bigint, precision: number): string {
    const scaled = roundAway(units * 10n ** BigInt(places), BigInt(precision));
    const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
    const fraction = digits.slice(-places).replace(/0+$/, "");
    return `${scaled < 0n ? "-" : ""}${digits.slice(0, -places)}${fraction === "" ? "" : `.${fraction}`}`;
}

function decimal(literal: string): Decimal {
    const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
    const fraction = parts?.[3] ?? "";
    const exponent = Number(parts?.[4] ?? 0);
    const units = BigInt(`${parts?.[1] ?? ""}${parts?.[2] ?? "0"}${fraction}`);
    const scale = fraction.length - exponent;
    return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function roundAway(units: bigint, divisor: bigint): bigint {
    const half = divisor / 2n;
    return units < 0n ? -((-units + half) / divisor) : (units + half) / divisor;
}
