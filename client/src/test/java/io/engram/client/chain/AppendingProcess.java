package io.engram.client.chain;

import io.engram.client.state.StagedState;
import io.engram.client.state.StateModel;
import io.engram.client.storage.Database;
import io.engram.client.storage.Durability;
import io.engram.evm.state.Account;
import io.engram.evm.state.AccountChange;
import io.engram.evm.state.StateChanges;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.tuweni.units.bigints.UInt256;

/** A process that appends and rewinds blocks until it is killed, and says after each step where its head is. */
final class AppendingProcess {

    static final int REWIND_EVERY = 7;
    static final int REWIND_BY = 3;

    private AppendingProcess() {}

    public static void main(String[] arguments) {
        try (Database database = Database.open(Path.of(arguments[0]))) {
            RocksChainStore store = open(database);
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(Long.parseLong(arguments[1]));
            System.out.println(store.head().number());
            for (int step = 1; ; step++) {
                if (step % REWIND_EVERY == 0 && store.head().number() >= REWIND_BY) {
                    store.rewind(store.head().number() - REWIND_BY);
                } else {
                    append(store, random);
                }
                System.out.println(store.head().number());
            }
        }
    }

    static RocksChainStore open(Database database) {
        return RocksChainStore.open(
                database, SampleBlocks.genesis(Hash.EMPTY_TRIE), StateChanges.NONE, Durability.PROCESS);
    }

    private static void append(RocksChainStore store, RandomGenerator random) {
        StateReader reader = store.state().head();
        Map<Address, AccountChange> accounts = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            Address address = StateModel.address(random.nextInt(200));
            Map<UInt256, UInt256> storage = new HashMap<>();
            for (int s = random.nextInt(5); s > 0; s--) {
                storage.put(UInt256.valueOf(random.nextInt(20)), UInt256.valueOf(random.nextInt(3)));
            }
            boolean gone = random.nextInt(8) == 0;
            Account account = reader.account(address).orElse(Account.EMPTY);
            Account next = new Account(account.nonce() + 1, Wei.of(random.nextInt(1000)), account.codeHash());
            accounts.put(
                    address,
                    gone
                            ? new AccountChange(Optional.empty(), true, Map.of())
                            : new AccountChange(Optional.of(next), random.nextInt(9) == 0, storage));
        }
        StagedState staged = store.state().stage(new StateChanges(accounts, Map.of()));
        store.append(SampleBlocks.next(store.head(), staged.root(), random), staged);
    }
}
