package io.engram.client.chain;

import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;

/** A header with some fields changed. */
public final class HeaderCopy {

    private final BlockHeader header;
    private Hash parentHash;
    private Hash stateRoot;
    private Hash transactionsRoot;
    private Hash receiptsRoot;
    private long gasUsed;

    private HeaderCopy(BlockHeader header) {
        this.header = header;
        this.parentHash = header.parentHash();
        this.stateRoot = header.stateRoot();
        this.transactionsRoot = header.transactionsRoot();
        this.receiptsRoot = header.receiptsRoot();
        this.gasUsed = header.gasUsed();
    }

    public static HeaderCopy of(BlockHeader header) {
        return new HeaderCopy(header);
    }

    public HeaderCopy parentHash(Hash value) {
        parentHash = value;
        return this;
    }

    public HeaderCopy stateRoot(Hash value) {
        stateRoot = value;
        return this;
    }

    public HeaderCopy transactionsRoot(Hash value) {
        transactionsRoot = value;
        return this;
    }

    public HeaderCopy receiptsRoot(Hash value) {
        receiptsRoot = value;
        return this;
    }

    public HeaderCopy gasUsed(long value) {
        gasUsed = value;
        return this;
    }

    public BlockHeader build() {
        return new BlockHeader(
                parentHash,
                header.ommersHash(),
                header.coinbase(),
                stateRoot,
                transactionsRoot,
                receiptsRoot,
                header.logsBloom(),
                header.difficulty(),
                header.number(),
                header.gasLimit(),
                gasUsed,
                header.timestamp(),
                header.extraData(),
                header.mixHash(),
                header.nonce(),
                header.baseFee(),
                header.withdrawalsRoot(),
                header.blobGasUsed(),
                header.excessBlobGas(),
                header.parentBeaconBlockRoot(),
                header.requestsHash());
    }
}
