package io.engram.genesis.fork;

/** The rule sets of Ethereum's execution layer in order of activation. Petersburg is Constantinople as it went live. */
public enum Fork {
    FRONTIER,
    HOMESTEAD,
    TANGERINE_WHISTLE,
    SPURIOUS_DRAGON,
    BYZANTIUM,
    CONSTANTINOPLE,
    PETERSBURG,
    ISTANBUL,
    BERLIN,
    LONDON,
    PARIS,
    SHANGHAI,
    CANCUN,
    PRAGUE,
    OSAKA;

    public boolean isAtLeast(Fork other) {
        return compareTo(other) >= 0;
    }
}
