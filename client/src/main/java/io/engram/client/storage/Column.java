package io.engram.client.storage;

/** The column families. All integers in keys are big-endian, so that the order of keys is that of the numbers. */
public enum Column {
    /** address → account as of the head. */
    ACCOUNTS("accounts", true),
    /** address ‖ slot → value as of the head, without leading zeros. */
    STORAGE("storage", true),
    /** nibbles of the path, a byte each → node of the state trie as of the head. */
    ACCOUNT_TRIE("account-trie", true),
    /** address ‖ nibbles of the path → node of that account's storage trie as of the head. */
    STORAGE_TRIE("storage-trie", true),
    /** code hash → code. */
    CODE("code", true),
    /** block hash → total difficulty and header. */
    HEADERS("headers", true),
    /** block hash → body. */
    BODIES("bodies", true),
    /** block hash → receipts. */
    RECEIPTS("receipts", true),
    /** block hash → inference receipts. */
    INFERENCES("inferences", true),
    /** block hash → outputs of the inferences, where the block has some and they are few enough to be kept. */
    INFERENCE_OUTPUTS("inference-outputs", true),
    /** block number → hash of the canonical block. */
    CANONICAL("canonical", true),
    /** transaction hash → where it is in the canonical chain. */
    TRANSACTIONS("transactions", true),
    /** address ‖ block number → the account before that block. */
    ACCOUNT_HISTORY("account-history", false),
    /** address ‖ slot ‖ block number → the value before that block. */
    STORAGE_HISTORY("storage-history", false),
    /** block number → state root after the block, and the accounts and slots that it changed. */
    CHANGES("changes", false),
    /** Single values: format version, head, genesis, this node's votes on validators. */
    METADATA("metadata", false),
    /** What consensus has signed; written by the consensus package only, always synced. */
    CONSENSUS_SAFETY("consensus-safety", false);

    private final String familyName;
    private final boolean pointReads;

    Column(String familyName, boolean pointReads) {
        this.familyName = familyName;
        this.pointReads = pointReads;
    }

    String familyName() {
        return familyName;
    }

    /** Whether a Bloom filter over whole keys pays off. */
    boolean hasPointReads() {
        return pointReads;
    }
}
