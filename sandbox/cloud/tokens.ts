import { inventedError } from "./errors";

interface Token {
    scopes: string[];
    expired: boolean;
    instances: string[] | undefined;
}

/** How a token is limited. */
export interface TokenOptions {
    expired?: boolean;
    /** The instances that it opens. Default: all. */
    instances?: string[];
}

/** The bearer tokens the Cloud half accepts. */
export class CloudTokens {
    private readonly tokens = new Map<string, Token>();

    /** Adds a token, or replaces one. */
    add(token: string, scopes: string[], options: TokenOptions = {}): void {
        this.tokens.set(token, { scopes, expired: options.expired ?? false, instances: options.instances });
    }

    /** The answer that refuses a request, or undefined if its token opens the scope and the instance. */
    refuse(request: Request, scope: string, instance: string | null): Response | undefined {
        const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
        if (bearer === undefined) {
            return inventedError(401, "missing bearer token");
        }
        const token = this.tokens.get(bearer);
        if (token === undefined || token.expired) {
            return inventedError(401, token === undefined ? "invalid token" : "token expired");
        }
        if (!token.scopes.includes(scope) && !token.scopes.includes("*")) {
            return inventedError(403, `token lacks the scope ${scope}`);
        }
        if (instance !== null && token.instances !== undefined && !token.instances.includes(instance)) {
            return inventedError(403, "token is not valid for this instance");
        }
        return undefined;
    }
}
