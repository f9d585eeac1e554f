package io.engram.client.chain;

import io.engram.evm.state.Account;
import io.engram.evm.state.Journal;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The irregular state change of EIP-779: the balances of the DAO and its children move to the refund contract. */
final class DaoFork {

    private static final Address REFUND = Address.fromHex("0xbf4ed7b27f1d666546e30d74d50d173d20bca754");
    private static final String ACCOUNTS = "dao-accounts.txt";

    private DaoFork() {}

    static void apply(Journal journal) {
        for (Address account : accounts()) {
            Wei balance = journal.account(account).map(Account::balance).orElse(Wei.ZERO);
            if (!balance.isZero()) {
                journal.setBalance(account, Wei.ZERO);
                journal.addBalance(REFUND, balance);
            }
        }
    }

    private static List<Address> accounts() {
        try (InputStream stream = DaoFork.class.getResourceAsStream(ACCOUNTS)) {
            if (stream == null) {
                throw new IllegalStateException("the build lacks the resource " + ACCOUNTS);
            }
            return new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))
                    .lines()
                    .map(Address::fromHex)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
