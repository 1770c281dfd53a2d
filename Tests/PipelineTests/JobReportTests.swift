import Flow
import Testing

@testable import Pipeline

struct JobReportTests {
    private func job(
        _ failure: ExitReason? = nil, skipped: Bool = false, stopped: Bool = false
    ) -> JobReport {
        var report = JobReport(
            sources: ["a"], failure: failure.map { RunError($0, "why") }, isSkipped: skipped)
        report.isStopped = stopped
        return report
    }

    @Test func oneJobGivesItsOwnCode() {
        for reason in ExitReason.allCases where reason != .done {
            #expect(RunReport(jobs: [job(reason)], failure: nil).reason == reason)
        }
        #expect(RunReport(jobs: [job()], failure: nil).reason == .done)
        #expect(RunReport(jobs: [], failure: nil).reason == .done)
    }

    @Test func oneFailureOfSeveralIsSomeFailed() {
        #expect(RunReport(jobs: [job(), job(.damaged)], failure: nil).reason == .someFailed)
        #expect(RunReport(jobs: [job(), job(skipped: true)], failure: nil).reason == .done)
    }

    @Test func aStopAndAnErrorOfTheRunDecideTheExitCode() {
        let jobs = [job(.damaged), job(stopped: true)]
        #expect(RunReport(jobs: jobs, failure: nil).reason == .interrupted)
        #expect(RunReport(jobs: jobs, failure: RunError(.diskFull, "")).reason == .diskFull)
        #expect(job(stopped: true).reason == .interrupted)
        let early = RunReport(jobs: [job()], notStarted: 2, failure: nil)
        #expect(early.reason == .interrupted)
        #expect(early.summary == "3 sources: 1 done, 0 skipped, 0 failed, 2 not started")
    }

    @Test func theSummaryCountsTheSources() {
        let jobs = [job(), job(.noVideo), job(skipped: true), job()]
        #expect(
            RunReport(jobs: jobs, failure: nil).summary
                == "4 sources: 2 done, 1 skipped, 1 failed")
        #expect(RunReport(jobs: [job()], failure: nil).summary == nil)
    }

    @Test func theClosingLinesHaveCountsAndFiles() {
        var report = job()
        report.counts.decoded = 4
        report.counts.detected = 3
        report.counts.tracked = 1
        report.wallSeconds = 2
        report.warnings = ["odd"]
        report.files = ["o.mp4"]
        #expect(
            report.closing == [
                "note: odd",
                "4 decoded = 3 detected + 1 tracked + 0 dropped; 2.0 frames analysed per second of wall time",
                "wrote o.mp4",
            ])
        #expect(job(skipped: true).closing.isEmpty)
        var failed = job(.diskFull)
        failed.counts.decoded = 1
        #expect(failed.closing.isEmpty)
    }

    @Test func everyExitCodeIsItsOwn() {
        let codes = ExitReason.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        #expect(Set(ExitReason.allCases.map(\.meaning)).count == codes.count)
    }
}
