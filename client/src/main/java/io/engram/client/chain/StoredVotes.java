package io.engram.client.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.engram.client.consensus.validator.VoteStore;
import io.engram.client.storage.Batch;
import io.engram.client.storage.Column;
import io.engram.client.storage.Database;
import io.engram.client.storage.DatabaseException;
import io.engram.client.storage.Durability;
import io.engram.genesis.Address;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** This node's votes on validators in the chain's own database: of each the candidate's address and a byte, 1 to add. */
public final class StoredVotes implements VoteStore {

    private static final byte[] KEY = "validator-votes".getBytes(US_ASCII);
    private static final int ENTRY = Address.SIZE + 1;
    private static final byte ADD = 1;
    private static final byte DROP = 0;

    private final Database database;

    public StoredVotes(Database database) {
        this.database = database;
    }

    /** @throws DatabaseException when what is stored is not what {@link #save} writes */
    @Override
    public Map<Address, Boolean> load() {
        byte[] stored = database.get(Column.METADATA, KEY).orElse(new byte[0]);
        Map<Address, Boolean> votes = new TreeMap<>();
        for (int at = 0; at < stored.length; at += ENTRY) {
            byte direction = at + ENTRY <= stored.length ? stored[at + Address.SIZE] : -1;
            if (direction != ADD && direction != DROP) {
                throw new DatabaseException("the stored votes on validators are damaged");
            }
            votes.put(Address.of(Arrays.copyOfRange(stored, at, at + Address.SIZE)), direction == ADD);
        }
        return votes;
    }

    @Override
    public void save(Map<Address, Boolean> votes) {
        ByteBuffer entries = ByteBuffer.allocate(votes.size() * ENTRY);
        votes.forEach((candidate, add) ->
                entries.put(candidate.toBytes().toArrayUnsafe()).put(add ? ADD : DROP));
        try (Batch batch = database.batch()) {
            batch.put(Column.METADATA, KEY, entries.array());
            batch.commit(Durability.POWER);
        }
    }
}
