"""The ten-task process, and the loop of two desks, as django-viewflow writes them."""

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process


class TenTasks(flow.Flow):
    """Each task is done from outside, as a desk does it: with the flow's own lock, in one transaction."""

    process_class = Process
    lock_impl = lock.SelectForUpdateLock(nowait=False)

    begin = flow.StartHandle(this.open).Next(this.receive)
    receive = flow.Handle().Next(this.check)
    check = flow.Handle().Next(this.choice)
    choice = flow.If(lambda activation: activation.process.data["area"] > 100).Then(this.survey).Else(this.desk)
    survey = flow.Handle().Next(this.distribute)
    desk = flow.Handle().Next(this.distribute)
    distribute = flow.Handle().Next(this.split)
    split = flow.Split().Next(this.fire).Next(this.land)
    fire = flow.Handle().Next(this.join)
    land = flow.Handle().Next(this.join)
    join = flow.Join().Next(this.conclude)
    conclude = flow.Handle().Next(this.sign)
    sign = flow.Handle().Next(this.confirm)
    confirm = flow.Handle().Next(this.give)
    give = flow.Handle().Next(this.finish)
    finish = flow.End()

    def open(self, activation):
        activation.process.data = {"area": 80}
        return activation.process


class Loop(flow.Flow):
    """A first task, then two in turn, until somebody says that it is over."""

    process_class = Process
    lock_impl = lock.SelectForUpdateLock(nowait=False)

    begin = flow.StartHandle(this.open).Next(this.receive)
    receive = flow.Handle().Next(this.desk)
    desk = flow.Handle().Next(this.check)
    check = flow.Handle().Next(this.choice)
    choice = flow.If(lambda activation: activation.process.data["area"] > 100).Then(this.finish).Else(this.desk)
    finish = flow.End()

    def open(self, activation):
        activation.process.data = {"area": 80}
        return activation.process
