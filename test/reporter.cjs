const Mocha = require("mocha");

/** The usual report, and at its end one line of counts that a script can read. */
class CountingReporter extends Mocha.reporters.Spec {
    epilogue() {
        super.epilogue();
        const { passes, failures, pending } = this.stats;
        console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
    }
}

module.exports = CountingReporter;
