package io.engram.client.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.qbft.SafetyState;
import io.engram.client.consensus.qbft.SafetyStateCodec;
import io.engram.client.consensus.qbft.SafetyStore;
import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.evm.LocalFaultException;
import io.engram.genesis.rlp.RlpException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The safety state in the chain's own database. One log of writes serves all of it, so that syncing a state also syncs the
 * blocks written before.
 */
public final class StoredSafety implements SafetyStore {

    private static final byte[] KEY = "qbft".getBytes(US_ASCII);

    private final Database database;
    private final SafetyStateCodec codec;

    public StoredSafety(Database database, Signatures signatures) {
        this.database = database;
        this.codec = new SafetyStateCodec(signatures);
    }

    @Override
    public Optional<SafetyState> load() {
        Optional<byte[]> stored = database.get(Column.CONSENSUS_SAFETY, KEY);
        try {
            return stored.isPresent() ? Optional.of(codec.decode(Bytes.wrap(stored.get()))) : Optional.empty();
        } catch (RlpException e) {
            throw new DatabaseException("the safety state of consensus is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void save(SafetyState state) {
        try (Batch batch = database.batch()) {
            batch.put(
                    Column.CONSENSUS_SAFETY, KEY, SafetyStateCodec.encode(state).toArrayUnsafe());
            batch.commit(Durability.POWER);
        } catch (DatabaseException e) {
            throw new LocalFaultException("the safety state cannot be written: " + e.getMessage(), e);
        }
    }
}
