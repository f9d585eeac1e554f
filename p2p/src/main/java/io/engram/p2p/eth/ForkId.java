package io.engram.p2p.eth;

import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.rlp.RlpReader;
import io.engram.genesis.rlp.RlpWriter;
import org.apache.tuweni.bytes.Bytes;

/**
 * What a node knows of its chain's forks, in twelve bytes (EIP-2124).
 *
 * @param hash checksum of the genesis hash and of the forks passed
 * @param next block number or timestamp of the next fork known; 0 for none
 */
public record ForkId(int hash, long next) {

    private static final int HASH_SIZE = 4;

    void writeTo(RlpWriter out) {
        out.nested(fields -> {
            fields.bytes(Bytes.ofUnsignedInt(hash & 0xffff_ffffL));
            fields.scalar(next);
        });
    }

    /** Further elements are ignored. */
    static ForkId readFrom(RlpReader in) throws RlpException {
        RlpReader fields = in.readList();
        return new ForkId(fields.readBytes(HASH_SIZE).toInt(), fields.readUnsignedLong());
    }

    /** The value of the {@code eth} entry in a node record: {@code [[hash, next]]}. */
    public Bytes toRecordEntry() {
        return RlpWriter.list(this::writeTo);
    }

    /** Reads the value of an {@code eth} entry. */
    public static ForkId ofRecordEntry(Bytes entry) throws RlpException {
        return readFrom(RlpReader.ofList(entry));
    }

    @Override
    public String toString() {
        return "%08x/%d".formatted(hash, next);
    }
}
