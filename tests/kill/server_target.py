"""The whole server under load over HTTP, for kill_test.py: readings pushed, warnings issued, calls
answered at the desk; then the same asked for again after a restart."""
import os
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'server'))
import county as counties  # noqa: E402

POINT = 'zhuxia.stage'
AREA = '331126001209'


def iso(ms):
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(ms // 1000)) + '.%03dZ' % (ms % 1000)


class ServerTarget:
    def __init__(self, data):
        self.county = counties.County(data, holder_s=600)
        self.next_ms = int(time.time() * 1000) - 20 * 3600 * 1000
        self.lock = threading.Lock()

    def start(self, data, env, _):
        process = subprocess.Popen([counties.PROGRAM, 'serve', '--data', data], env=env,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(300):
            try:
                if counties.Session(self.county).call('GET', '/healthz')[0] == 200:
                    return process
            except OSError:
                time.sleep(0.1)
            if process.poll() is not None:
                break
        process.kill()
        raise SystemExit('the server did not start: ' + process.stderr.read()[-2000:])

    def load(self, process, acks):
        def forever(work):
            session = None
            while process.poll() is None:
                try:
                    session = session or counties.Session(self.county, 'duty', 'DUTY-331126')
                    work(session, acks)
                except (OSError, ValueError, AssertionError, counties.http.client.HTTPException):
                    session = None
        threads = [threading.Thread(target=forever, args=(work,))
                   for work in (self.push, self.push, self.issue)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def push(self, session, acks):
        with self.lock:
            first, self.next_ms = self.next_ms, self.next_ms + 20
        rows = [(first + i, float(first % 997) / 1000) for i in range(20)]
        status, body = session.call(
            'POST', '/api/v1/readings',
            {'readings': [{'point': POINT, 'at': iso(ms), 'value': v} for ms, v in rows]},
            {'Authorization': 'Bearer ' + self.county.key})
        if status == 200 and body['stored'] + body['duplicates'] == len(rows):
            acks.append(('readings', rows))

    def issue(self, session, acks):
        command = str(uuid.uuid4())
        order = {'hazard': '11A51', 'level': 2, 'areas': [AREA], 'headline': command,
                 'description': 'd', 'instruction': 'i', 'expires': iso(self.expires_ms())}
        status, body = session.call('POST', '/api/v1/warnings', order, command_id=command)
        if status == 202:
            acks.append(('warning', body['id'], command, order))
        people = session.call('GET', f'/api/v1/warnings/{body["id"]}/proof')[1]['items']
        if not people:
            return
        call = people[0]['call']
        status, _ = session.call('POST', f'/api/v1/calls/{call}/answer',
                                 {'rung': 0, 'kind': 'received', 'words': command})
        if status == 202:
            acks.append(('answer', body['id'], call))

    @staticmethod
    def expires_ms():
        return int(time.time() * 1000) + 6 * 3600 * 1000

    def check(self, data, acks):
        done = subprocess.run([counties.PROGRAM, 'verify', '--data', data], text=True,
                              capture_output=True, check=False)
        # 4: the last write was torn, and nobody can tell whether it was acknowledged; find_again looks.
        if done.returncode not in (0, 4):
            return 'verify: ' + done.stdout[-1500:] + done.stderr[-500:]
        process = self.start(data, dict(os.environ), 0)
        try:
            return self.find_again(acks)
        finally:
            process.terminate()
            process.wait()

    def find_again(self, acks):
        session = counties.Session(self.county, 'duty', 'DUTY-331126')
        names = self.headlines(session)
        for ack in acks:
            look = {'warning': self.warning_again, 'answer': self.answer_again,
                    'readings': self.readings_again}[ack[0]]
            wrong = look(session, *ack[1:])
            if wrong:
                return wrong
            if ack[0] == 'warning' and names.count(ack[2]) != 1:
                return f'warning {ack[2]} is there {names.count(ack[2])} times'
        return None

    @staticmethod
    def headlines(session):
        names, cursor = [], ''
        while cursor is not None:
            page = session.call('GET', '/api/v1/warnings?limit=500&cursor=' + cursor)[1]
            names += [warning['headline'] for warning in page['items']]
            cursor = page['cursor']
        return names

    def warning_again(self, session, name, command, order):
        status, body = session.call('GET', f'/api/v1/warnings/{name}')
        if status != 200 or body['headline'] != command:
            return f'warning {name} is gone: {status}'
        if not session.call('GET', f'/api/v1/warnings/{name}/proof')[1]['items']:
            return f'nobody is called for warning {name}'
        status, again = session.call('POST', '/api/v1/warnings', order, command_id=command)
        if status != 202 or again['id'] != name:
            return f'the receipt of {command} is another one now: {status} {again}'
        return None

    def answer_again(self, session, warning, call):
        people = session.call('GET', f'/api/v1/warnings/{warning}/proof')[1]['items']
        answered = [p for p in people if p['call'] == call and p['answered_at']]
        return None if len(answered) == 1 else f'call {call} has {len(answered)} answers, not one'

    def readings_again(self, session, rows):
        path = f'/api/v1/points/{POINT}/readings?from={iso(rows[0][0])}&to={iso(rows[-1][0] + 1)}'
        items = session.call('GET', path)[1]['items']
        wanted = [(iso(ms), v) for ms, v in rows]
        found = [(i['t'], i['v']) for i in items]
        return None if found == wanted else f'readings: {wanted[:2]}… wanted, {found[:2]}… found'
