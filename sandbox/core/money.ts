interface Decimal {
    units: bigint;
    /** Digits after the point. */
    scale: number;
}

/** Minor units of an amount: amount x precision, rounded half away from zero, in decimal arithmetic. */
export function minorUnits(amount: string, precision: string): bigint {
    const a = decimal(amount);
    const p = decimal(precision);
    return roundAway(a.units * p.units, a.scale + p.scale);
}

/** The number of significant digits of a JSON number literal. */
export function significantDigits(literal: string): number {
    const { units } = decimal(literal);
    return units.toString().replace("-", "").replace(/0+$/, "").length;
}

/** The exact text of minor units divided by the precision, as far as it has an end. */
export function majorText(units: bigint, precision: number): string {
    const digits = precision.toString().length - 1;
    if (10 ** digits !== precision) {
        return String(Number(units) / precision);
    }
    const text = units
        .toString()
        .replace("-", "")
        .padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits);
    const fraction = text.slice(text.length - digits).replace(/0+$/, "");
    return `${units < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

function decimal(literal: string): Decimal {
    const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
    const fraction = parts?.[3] ?? "";
    const exponent = Number(parts?.[4] ?? 0);
    const units = BigInt(`${parts?.[1] ?? ""}${parts?.[2] ?? "0"}${fraction}`);
    const scale = fraction.length - exponent;
    return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

function roundAway(units: bigint, scale: number): bigint {
    const divisor = 10n ** BigInt(scale);
    const half = divisor / 2n;
    return units < 0n ? -((-units + half) / divisor) : (units + half) / divisor;
}
