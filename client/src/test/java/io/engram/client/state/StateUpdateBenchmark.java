package io.engram.client.state;

import io.engram.client.storage.Batch;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Prints the time per account of blocks that change many accounts of a large state: staging (reads, tries, hashes) and
 * writing. Arguments: directory, accounts in the state, accounts per block, blocks, slots changed per account.
 */
final class StateUpdateBenchmark {

    private static final int FILL_BATCH = 50_000;

    private StateUpdateBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "state-benchmark");
        int accounts = Integer.parseInt(arguments[1]);
        int changed = Integer.parseInt(arguments[2]);
        int blocks = Integer.parseInt(arguments[3]);
        int slots = Integer.parseInt(arguments[4]);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        try (Database database = Database.open(directory)) {
            RocksWorldState state = new RocksWorldState(database);
            long start = System.nanoTime();
            for (int from = 0; from < accounts; from += FILL_BATCH) {
                Map<Address, AccountChange> changes = new HashMap<>();
                for (int i = from; i < Math.min(accounts, from + FILL_BATCH); i++) {
                    changes.put(address(i), change(1, 0, random));
                }
                commit(database, state, state.stage(new StateChanges(changes, Map.of())));
            }
            System.out.printf("filled %d accounts in %d ms%n", accounts, (System.nanoTime() - start) / 1_000_000);
            for (int block = 0; block < blocks; block++) {
                Map<Address, AccountChange> changes = new HashMap<>();
                while (changes.size() < changed) {
                    changes.put(address(random.nextInt(accounts)), change(2 + block, slots, random));
                }
                StateChanges all = new StateChanges(changes, Map.of());
                long before = System.nanoTime();
                StagedState staged = state.stage(all);
                long middle = System.nanoTime();
                commit(database, state, staged);
                long after = System.nanoTime();
                System.out.printf(
                        "block %d: stage %d ns, write %d ns an account%n",
                        block, (middle - before) / changed, (after - middle) / changed);
            }
        }
    }

    private static void commit(Database database, RocksWorldState state, StagedState staged) {
        try (Batch batch = database.batch()) {
            state.commit(batch, staged, Durability.POWER);
        }
    }

    private static AccountChange change(long nonce, int slots, RandomGenerator random) {
        Map<UInt256, UInt256> storage = new HashMap<>();
        for (int i = 0; i < slots; i++) {
            storage.put(UInt256.valueOf(random.nextInt(1000)), UInt256.valueOf(random.nextLong() >>> 1));
        }
        Account account = new Account(nonce, Wei.of(random.nextLong() >>> 1), Hash.EMPTY_CODE);
        return new AccountChange(Optional.of(account), false, storage);
    }

    private static Address address(int index) {
        return new Address(index, index * 0x9e3779b97f4a7c15L, ~index);
    }
}
