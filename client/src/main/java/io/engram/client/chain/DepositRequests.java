package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Log;
import io.engram.genesis.block.Receipt;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/** Deposits as a block's logs tell of them (EIP-6110). */
final class DepositRequests {

    private static final Hash DEPOSIT_EVENT =
            Hash.fromHex("0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

    /** ABI encoding of the event's five byte strings: where each one's length word stands, and that length. */
    private static final int[] OFFSETS = {160, 256, 320, 384, 512};

    private static final int[] SIZES = {48, 32, 8, 96, 8};
    private static final int DATA_SIZE = 576;
    private static final int WORD = 32;

    private DepositRequests() {}

    /**
     * The request data: all deposits of the block one after another, 192 bytes each.
     *
     * @throws InvalidBlockException when a log of the contract has not the layout of the event
     */
    static Bytes of(List<Receipt> receipts, Address depositContract) throws InvalidBlockException {
        List<Bytes> parts = new ArrayList<>();
        for (Receipt receipt : receipts) {
            for (Log log : receipt.logs()) {
                if (log.address().equals(depositContract)
                        && !log.topics().isEmpty()
                        && log.topics().getFirst().equals(DEPOSIT_EVENT)) {
                    parts.add(parse(log.data()));
                }
            }
        }
        return Bytes.concatenate(parts);
    }

    private static Bytes parse(Bytes data) throws InvalidBlockException {
        if (data.size() != DATA_SIZE) {
            throw new InvalidBlockException("deposit event of " + data.size() + " bytes, expected " + DATA_SIZE);
        }
        Bytes[] fields = new Bytes[OFFSETS.length];
        for (int i = 0; i < OFFSETS.length; i++) {
            expect(data, i * WORD, OFFSETS[i], "offset of field " + i);
            expect(data, OFFSETS[i], SIZES[i], "length of field " + i);
            fields[i] = data.slice(OFFSETS[i] + WORD, SIZES[i]);
        }
        return Bytes.concatenate(fields);
    }

    private static void expect(Bytes data, int position, int value, String what) throws InvalidBlockException {
        Bytes word = data.slice(position, WORD);
        if (!word.trimLeadingZeros().equals(Bytes.ofUnsignedInt(value).trimLeadingZeros())) {
            throw new InvalidBlockException("deposit event: " + what + " is " + word + ", expected " + value);
        }
    }
}
